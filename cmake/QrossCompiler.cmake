# Compiler settings shared by every target. No -march=native: kernels dispatch at run time, and
# no FMA contraction outside the places that write it, so results do not depend on the compiler.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET default)

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

find_program(QROSS_CCACHE ccache)
if(PROJECT_IS_TOP_LEVEL AND QROSS_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${QROSS_CCACHE}")
endif()

# The flags of every target here. Linked privately and only while building, so that they never
# reach those who use the installed libraries.
add_library(qross_compiler INTERFACE)
target_compile_features(qross_compiler INTERFACE cxx_std_20)
target_compile_options(qross_compiler INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -ffp-contract=off -fno-math-errno)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 warns of overlapping copies in std::string's own operator+ (GCC bug 105651).
  target_compile_options(qross_compiler INTERFACE -Wno-restrict)
endif()
set(qross_sanitizers "")
if(QROSS_SANITIZE STREQUAL "address+undefined" OR QROSS_SANITIZE STREQUAL "ON")
  set(qross_sanitizers address,undefined,float-cast-overflow)
elseif(QROSS_SANITIZE STREQUAL "thread")
  # Only clang's ThreadSanitizer is tried here: it finds no fault in correct code.
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "QROSS_SANITIZE=thread needs clang; use the preset tsan")
  endif()
  set(qross_sanitizers thread)
elseif(QROSS_SANITIZE)
  message(FATAL_ERROR "QROSS_SANITIZE is '${QROSS_SANITIZE}'; choose address+undefined, thread or OFF")
endif()
if(qross_sanitizers)
  target_compile_options(qross_compiler INTERFACE -fsanitize=${qross_sanitizers}
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(qross_compiler INTERFACE -Wno-maybe-uninitialized)
  endif()
  target_compile_definitions(qross_compiler INTERFACE _GLIBCXX_ASSERTIONS)
  target_link_options(qross_compiler INTERFACE -fsanitize=${qross_sanitizers})
endif()
if(QROSS_FUZZERS)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "QROSS_FUZZERS needs clang's libFuzzer; use the preset fuzz")
  endif()
  target_compile_options(qross_compiler INTERFACE -fsanitize=fuzzer-no-link)
endif()

# An installed program finds the shared libraries beside it, wherever the prefix has been moved.
if(BUILD_SHARED_LIBS AND NOT DEFINED CMAKE_INSTALL_RPATH)
  file(RELATIVE_PATH qross_rpath "/${CMAKE_INSTALL_BINDIR}" "/${CMAKE_INSTALL_LIBDIR}")
  set(CMAKE_INSTALL_RPATH "$ORIGIN/${qross_rpath};$ORIGIN")
endif()

# One static or shared library of the house: alias qross::NAME, headers under the source root.
function(qross_add_library name)
  add_library(qross_${name})
  add_library(qross::${name} ALIAS qross_${name})
  set_target_properties(qross_${name} PROPERTIES
    EXPORT_NAME ${name} OUTPUT_NAME qross_${name}
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  target_include_directories(qross_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/qross>)
  target_compile_features(qross_${name} PUBLIC cxx_std_20)
  target_link_libraries(qross_${name} PRIVATE $<BUILD_INTERFACE:qross_compiler>)
endfunction()

# What runs once a command, and little then, is compiled for speed of compiling.
function(qross_compile_quickly target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()
