# assay_unit_test(NAME sources… LIBS libraries…): one GoogleTest program, each of its tests known
# to ctest by name.
find_package(GTest REQUIRED)
include(GoogleTest)

# Test programs share a precompiled header of their own: they are PIE, the libraries are PIC.
file(WRITE ${CMAKE_BINARY_DIR}/assay_test_pch.cc "int main() {}\n")
add_executable(assay_test_pch ${CMAKE_BINARY_DIR}/assay_test_pch.cc)
target_link_libraries(assay_test_pch PRIVATE assay_warnings GTest::gtest)
target_precompile_headers(assay_test_pch PRIVATE
  <gtest/gtest.h> <chrono> <expected> <functional> <map> <optional> <string> <variant> <vector>)

function(assay_unit_test name)
  cmake_parse_arguments(PARSE_ARGV 1 TEST "" "" "LIBS")
  assay_program(${name} ${TEST_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${TEST_LIBS} assay_source_file GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM assay_test_pch)
  # Names end in a parameter's number or name: its printed value may hold addresses, which differ
  # from build to build.
  gtest_discover_tests(${name} NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60 PROPERTIES LABELS unit)
endfunction()

# assay_e2e_test(NAME SCRIPT [PROPERTY VALUE]…): the real programs from end to end, by a script of
# the calling folder. What takes longest begins first, or the last of it would run alone.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
function(assay_e2e_test name script)
  add_test(NAME ${name}
           COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/${script}
                   ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
  set_tests_properties(${name} PROPERTIES LABELS e2e TIMEOUT 300 COST 100 ${ARGN})
endfunction()
