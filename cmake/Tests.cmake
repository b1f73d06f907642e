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
