# How tests become ctest entries. Test sources only need to be put in their folder.
# The limits only end what hangs: a slow or busy machine must reach none of them.
set(QROSS_TEST_SECONDS 1800 CACHE STRING "Time limit of one test, in seconds")
set(QROSS_MPI_TEST_SECONDS 120 CACHE STRING
  "Time in which one case of a test on ranks, or one mpirun of a script, must end, in seconds")
set(QROSS_MPI_TOTAL_SECONDS 1200 CACHE STRING "Time limit of one mpirun in the tests, in seconds")
mark_as_advanced(QROSS_TEST_SECONDS QROSS_MPI_TEST_SECONDS QROSS_MPI_TOTAL_SECONDS)

set(qross_test_patience 1)
if(QROSS_SANITIZE)
  set(qross_test_patience 5)
endif()

# The tests themselves are compiled quickly: what takes their time is in the libraries.
set(qross_test_options $<$<CONFIG:Release>:-O1>)

# Freed and fresh memory is filled with a pattern, so that nothing relies on zeros.
set(qross_test_environment OMP_NUM_THREADS=2 MALLOC_PERTURB_=165)
if(QROSS_SANITIZE STREQUAL "thread")
  list(APPEND qross_test_environment TSAN_OPTIONS=ignore_noninstrumented_modules=1)
endif()

# How to forget what the environment says of threads and ranks; the names are listed in one place.
set(qross_test_forgotten)
set(qross_environment_list "${PROJECT_SOURCE_DIR}/tests/support/environment")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${qross_environment_list}")
file(STRINGS "${qross_environment_list}" qross_environment_names REGEX "^[A-Z]")
foreach(variable IN LISTS qross_environment_names)
  list(APPEND qross_test_forgotten "${variable}=unset:")
endforeach()

# seconds times the patience that sanitizers need
function(qross_patient_seconds seconds result)
  math(EXPR patient "${seconds} * ${qross_test_patience}")
  set(${result} ${patient} PARENT_SCOPE)
endfunction()

# qross_add_test(NAME LIBRARIES lib... SOURCES file...): one doctest executable. Test cases whose
# name holds "[long]" are left out of the test NAME and make up NAME_long, label "long".
function(qross_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBRARIES;SOURCES")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE qross_test_main qross_test_support ${arg_LIBRARIES})
  target_compile_options(${name} PRIVATE ${qross_test_options})
  qross_patient_seconds(${QROSS_TEST_SECONDS} seconds)
  add_test(NAME ${name} COMMAND ${name} "--test-case-exclude=*[long]*" --no-skipped-summary)
  set_tests_properties(${name} PROPERTIES TIMEOUT ${seconds} ENVIRONMENT "${qross_test_environment}"
    ENVIRONMENT_MODIFICATION "${qross_test_forgotten}")
  qross_mentions("\\[long\\]" long ${arg_SOURCES})
  if(long)
    math(EXPR seconds "${seconds} * 6")
    add_test(NAME ${name}_long COMMAND ${name} "--test-case=*[long]*" --no-skipped-summary)
    set_tests_properties(${name}_long PROPERTIES
      TIMEOUT ${seconds} ENVIRONMENT "${qross_test_environment}"
      ENVIRONMENT_MODIFICATION "${qross_test_forgotten}" LABELS long)
  endif()
endfunction()

# qross_add_mpi_test(NAME LIBRARIES lib... SOURCES file... RANKS n...): one doctest executable that
# runs under mpirun, once for each number of ranks, never beside another test.
function(qross_add_mpi_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBRARIES;SOURCES;RANKS")
  add_executable(${name} ${arg_SOURCES} "${PROJECT_SOURCE_DIR}/tests/support/mpi_main.cpp")
  target_compile_options(${name} PRIVATE ${qross_test_options})
  target_link_libraries(${name} PRIVATE qross_test_support MPI::MPI_CXX ${arg_LIBRARIES})
  qross_mentions("\\[long\\]" has_long ${arg_SOURCES})
  foreach(ranks IN LISTS arg_RANKS)
    qross_add_mpi_run(${name}_${ranks} ${name} ${ranks} 1 "--test-case-exclude=*[long]*")
    if(has_long)
      qross_add_mpi_run(${name}_${ranks}_long ${name} ${ranks} 6 "--test-case=*[long]*")
      set_property(TEST ${name}_${ranks}_long APPEND PROPERTY LABELS long)
    endif()
  endforeach()
endfunction()

# One launch of qross_add_mpi_test; the harness ends a hanging mpirun before ctest would.
function(qross_add_mpi_run test target ranks patience filter)
  qross_patient_seconds(${QROSS_MPI_TEST_SECONDS} seconds)
  qross_patient_seconds(${QROSS_MPI_TOTAL_SECONDS} total)
  math(EXPR seconds "${seconds} * ${patience}")
  math(EXPR total "${total} * ${patience}")
  math(EXPR grace "${total} + 60")
  add_test(NAME ${test} COMMAND
    "${PROJECT_SOURCE_DIR}/tests/support/run_mpi" ${ranks} $<TARGET_FILE:${target}> ${filter})
  set_tests_properties(${test} PROPERTIES
    TIMEOUT ${grace} RUN_SERIAL TRUE LABELS mpi
    ENVIRONMENT "QROSS_MPIEXEC=${MPIEXEC_EXECUTABLE};QROSS_MPI_TIMEOUT=${seconds};QROSS_MPI_TOTAL=${total}"
    ENVIRONMENT_MODIFICATION "${qross_test_forgotten}")
endfunction()

# qross_add_script_test(NAME SCRIPT [argument...]): a bash script; label "long" if its first lines
# say "# label: long", serial if it starts ranks.
function(qross_add_script_test name script)
  qross_patient_seconds(${QROSS_TEST_SECONDS} seconds)
  qross_patient_seconds(${QROSS_MPI_TEST_SECONDS} mpi_seconds)
  set(environment OMP_NUM_THREADS=2 QROSS_MPIEXEC=${MPIEXEC_EXECUTABLE}
    QROSS_MPI_TIMEOUT=${mpi_seconds} ASAN_OPTIONS=detect_leaks=${qross_detect_leaks})
  foreach(part IN LISTS qross_have)
    list(APPEND environment ${part}=1)
  endforeach()
  add_test(NAME ${name} COMMAND bash "${script}" ${ARGN}
    WORKING_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  set_tests_properties(${name} PROPERTIES TIMEOUT ${seconds} SKIP_RETURN_CODE 77
    ENVIRONMENT "${environment}" ENVIRONMENT_MODIFICATION "${qross_test_forgotten}")
  qross_mentions("mpirun_n|run_mpi" ranks "${script}")
  if(ranks)
    set_tests_properties(${name} PROPERTIES RUN_SERIAL TRUE)
  endif()
  qross_mentions("^# label: long$" long "${script}")
  if(long)
    math(EXPR seconds "${seconds} * 6")
    set_tests_properties(${name} PROPERTIES LABELS long TIMEOUT ${seconds})
  endif()
endfunction()

# TRUE in `result` if a line of one of the files matches the expression.
function(qross_mentions expression result)
  set(${result} FALSE PARENT_SCOPE)
  foreach(file IN LISTS ARGN)
    file(STRINGS "${file}" lines REGEX "${expression}" LIMIT_COUNT 1)
    if(NOT lines STREQUAL "")
      set(${result} TRUE PARENT_SCOPE)
    endif()
  endforeach()
endfunction()
