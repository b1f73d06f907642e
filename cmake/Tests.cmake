find_package(GTest REQUIRED)
include(GoogleTest)

# What optimises a test takes longer than the test saves; under sanitizers twice as long.
add_library(assay_test_options INTERFACE)
if(ASSAY_SANITIZE)
  target_compile_options(assay_test_options INTERFACE -O0)
else()
  target_compile_options(assay_test_options INTERFACE -O1)
endif()

# Test programs share a precompiled header of their own: they are PIE, the libraries are PIC.
file(WRITE ${CMAKE_BINARY_DIR}/assay_test_pch.cc "int main() {}\n")
add_executable(assay_test_pch ${CMAKE_BINARY_DIR}/assay_test_pch.cc)
target_link_libraries(assay_test_pch PRIVATE assay_warnings assay_test_options GTest::gtest)
target_precompile_headers(assay_test_pch PRIVATE
  <gtest/gtest.h> <chrono> <expected> <functional> <map> <optional> <string> <variant> <vector>)

# Whether ASSAY_UNIT_TESTS asks for the unit tests of the calling folder. Those of which the programs
# speak gRPC set `speaks_grpc`.
function(assay_wants_unit_tests wanted)
  if(ASSAY_UNIT_TESTS STREQUAL "GRPC" AND NOT speaks_grpc)
    set(${wanted} FALSE PARENT_SCOPE)
  else()
    set(${wanted} ${ASSAY_UNIT_TESTS} PARENT_SCOPE)
  endif()
endfunction()

# assay_test_program(NAME sources… LIBS libraries…): one GoogleTest program, built if it is wanted.
function(assay_test_program name)
  cmake_parse_arguments(PARSE_ARGV 1 TEST "" "" "LIBS")
  assay_program(${name} ${TEST_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${TEST_LIBS} assay_source_file assay_test_options GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM assay_test_pch)
  assay_wants_unit_tests(is_wanted)
  if(NOT is_wanted)
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL TRUE)
  endif()
endfunction()

# assay_unit_test(NAME sources… LIBS libraries…): the same, each of its tests known to ctest by name.
function(assay_unit_test name)
  assay_test_program(${ARGV})
  # Names end in a parameter's number or name: its printed value may hold addresses, which differ
  # from build to build.
  assay_wants_unit_tests(is_wanted)
  if(is_wanted)
    gtest_discover_tests(${name} NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60 PROPERTIES LABELS unit)
  endif()
endfunction()

# The system's, for which packaging/dependencies/test.txt has the modules, whatever else is in the PATH.
set(Python3_EXECUTABLE /usr/bin/python3)
find_package(Python3 REQUIRED COMPONENTS Interpreter)

# assay_script_test(LABEL NAME SCRIPT [PROPERTY VALUE]…): a test of the real programs, by a script of
# the calling folder that is given where they are.
function(assay_script_test label name script)
  add_test(NAME ${name}
           COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/${script}
                   ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
  set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 300 ${ARGN})
endfunction()

# assay_integration_test(NAME SCRIPT [PROPERTY VALUE]…): one of them beside what it has to agree with.
function(assay_integration_test)
  assay_script_test(integration ${ARGV})
endfunction()

# assay_probe_test(NAME SCRIPT [PROPERTY VALUE]…): one of them beside what may not run here: 77 says so.
function(assay_probe_test name script)
  assay_integration_test(${name} ${script} TIMEOUT 120 SKIP_RETURN_CODE 77 ${ARGN})
endfunction()

# assay_e2e_test(NAME SCRIPT [PROPERTY VALUE]…): all of them, from end to end. What takes longest begins
# first, or the last of it would run alone.
function(assay_e2e_test name script)
  assay_script_test(e2e ${name} ${script} COST 100 ${ARGN})
endfunction()
