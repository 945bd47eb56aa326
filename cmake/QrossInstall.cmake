# What is installed: the libraries, their headers, the program, the catalogue, and the package
# "qross" for find_package. Nothing in it names the build or source folder, so the prefix can move.
include(CMakePackageConfigHelpers)

set(qross_package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/qross")

# The find_package arguments behind each imported target that a library may be linked with.
set(qross_finds_Eigen3::Eigen "Eigen3 3.4")
set(qross_finds_fmt::fmt "fmt")
set(qross_finds_hwy::hwy "hwy")
set(qross_finds_tomlplusplus::tomlplusplus "tomlplusplus")
set(qross_finds_nlohmann_json::nlohmann_json "nlohmann_json")
set(qross_finds_MPI::MPI_CXX "MPI COMPONENTS CXX")
set(qross_finds_hdf5::hdf5 "HDF5 COMPONENTS C")
set(qross_finds_Threads::Threads "Threads")

# pkg-config's names of the imported targets, and for the others what the linker is told.
set(qross_pc_Eigen3::Eigen eigen3)
set(qross_pc_fmt::fmt fmt)
set(qross_pc_hwy::hwy libhwy)
set(qross_pc_tomlplusplus::tomlplusplus tomlplusplus)
set(qross_pc_libs_MPI::MPI_CXX ${MPI_CXX_LIBRARIES})
set(qross_pc_libs_hdf5::hdf5 ${HDF5_C_LIBRARIES})
set(qross_pc_libs_Threads::Threads -pthread)

# qross-COMPONENT.pc for builds without CMake: `needs` are components below, `imported` the targets
# that users of the library link too.
function(qross_install_pkgconfig component needs imported)
  set(qross_pc_requires)
  foreach(below IN LISTS needs)
    list(APPEND qross_pc_requires qross-${below})
  endforeach()
  set(qross_pc_libs)
  foreach(target IN LISTS imported)
    if(DEFINED qross_pc_${target})
      list(APPEND qross_pc_requires ${qross_pc_${target}})
    elseif(DEFINED qross_pc_libs_${target})
      list(APPEND qross_pc_libs ${qross_pc_libs_${target}})
    elseif(NOT target STREQUAL "nlohmann_json::nlohmann_json")  # headers alone, not in ours
      message(FATAL_ERROR "name ${target} for pkg-config in cmake/QrossInstall.cmake")
    endif()
  endforeach()
  list(JOIN qross_pc_requires " " qross_pc_requires)
  # /folder/libNAME.so becomes -L/folder -lNAME.
  list(TRANSFORM qross_pc_libs REPLACE "^(/.*)/lib([^/]+)\\.(so|a)$" "-L\\1 -l\\2")
  list(JOIN qross_pc_libs " " qross_pc_libs)
  set(folder "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
  file(RELATIVE_PATH qross_pc_up "/prefix/${folder}" /prefix)
  string(REGEX REPLACE "/$" "" qross_pc_up "${qross_pc_up}")
  configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/qross.pc.in"
    "${PROJECT_BINARY_DIR}/qross-${component}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/qross-${component}.pc" DESTINATION "${folder}")
endfunction()

# From the bottom up: each may be linked with those before it.
set(QROSS_INSTALLED)
set(QROSS_COMPONENT_NEEDS "")
set(QROSS_COMPONENT_DEPENDENCIES "")
foreach(component IN ITEMS qsim qml cost)
  if(NOT TARGET qross_${component})
    continue()
  endif()
  install(TARGETS qross_${component} EXPORT qross-${component}
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  install(EXPORT qross-${component} NAMESPACE qross:: DESTINATION "${qross_package_folder}")

  # The link interface says what users need: all that the library is linked with if it is static,
  # only what its headers use if it is shared.
  get_target_property(links qross_${component} INTERFACE_LINK_LIBRARIES)
  string(REGEX REPLACE "\\$<BUILD_INTERFACE:[^>]*>" "" links "${links}")
  if(links MATCHES "(^|[;:])(/[^;>]+)")
    message(FATAL_ERROR "qross_${component} is linked with ${CMAKE_MATCH_2}: an absolute path cannot "
      "be installed; link an imported target and name it in cmake/QrossInstall.cmake")
  endif()
  set(needs)
  foreach(below IN LISTS QROSS_INSTALLED)
    if(links MATCHES "qross(_|::)${below}")
      list(APPEND needs ${qross_needs_${below}} ${below})
    endif()
  endforeach()
  list(REMOVE_DUPLICATES needs)
  set(qross_needs_${component} ${needs})
  string(APPEND QROSS_COMPONENT_NEEDS "set(_qross_needs_${component} ${needs})\n")

  set(finds "")
  string(REGEX MATCHALL "[A-Za-z0-9_]+::[A-Za-z0-9_]+" imported "${links}")
  list(REMOVE_DUPLICATES imported)
  list(FILTER imported EXCLUDE REGEX "^qross::")
  if("hdf5::hdf5" IN_LIST imported)
    # CMake's search for HDF5 compiles C, also in a project that is C++ alone.
    string(APPEND finds "  if(NOT CMAKE_C_COMPILER_LOADED)\n    enable_language(C)\n  endif()\n"
      "  set(HDF5_PREFER_PARALLEL ${QROSS_MPI})\n")
    if(MPI_EXECUTABLE_SUFFIX)
      string(APPEND finds "  find_program(HDF5_C_COMPILER_EXECUTABLE h5pcc${MPI_EXECUTABLE_SUFFIX})\n")
    endif()
  endif()
  foreach(target IN LISTS imported)
    if(NOT DEFINED qross_finds_${target})
      message(FATAL_ERROR "qross_${component} is linked with ${target}: name the package it comes "
        "from in cmake/QrossInstall.cmake")
    endif()
    string(APPEND finds "  find_dependency(${qross_finds_${target}})\n")
  endforeach()
  if(finds)
    string(APPEND QROSS_COMPONENT_DEPENDENCIES "if(${component} IN_LIST _qross_load)\n${finds}endif()\n")
  endif()
  list(APPEND QROSS_INSTALLED ${component})
  qross_install_pkgconfig(${component} "${needs}" "${imported}")
endforeach()

configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/qrossConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/qrossConfig.cmake" INSTALL_DESTINATION "${qross_package_folder}"
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/qrossConfigVersion.cmake"
  VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/qrossConfig.cmake"
  "${PROJECT_BINARY_DIR}/qrossConfigVersion.cmake" DESTINATION "${qross_package_folder}")

# Headers keep their paths, so "qsim/circuit/circuit.hpp" reads the same inside and outside.
foreach(folder IN ITEMS qsim qml benchmarks/cost benchmarks/report)
  if(IS_DIRECTORY "${PROJECT_SOURCE_DIR}/${folder}")
    get_filename_component(parent "${folder}" DIRECTORY)
    install(DIRECTORY "${PROJECT_SOURCE_DIR}/${folder}"
      DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/qross/${parent}"
      FILES_MATCHING PATTERN "*.hpp" PATTERN "*.h" PATTERN "*-inl.hpp" EXCLUDE)
  endif()
endforeach()

# The catalogue and the workloads, as the examples of the documentation name them.
foreach(folder IN ITEMS machines workloads)
  if(IS_DIRECTORY "${PROJECT_SOURCE_DIR}/benchmarks/${folder}")
    install(DIRECTORY "${PROJECT_SOURCE_DIR}/benchmarks/${folder}"
      DESTINATION "${CMAKE_INSTALL_DATADIR}/qross")
  endif()
endforeach()

if(TARGET qross)
  install(TARGETS qross RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()

# What a reader of the installed package looks for.
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/README.md"
  "${PROJECT_SOURCE_DIR}/CHANGELOG.md" DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/doc/qross")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/docs/" DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/doc/qross/docs"
  FILES_MATCHING PATTERN "*.md")
install(FILES "${PROJECT_SOURCE_DIR}/docs/qross.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
