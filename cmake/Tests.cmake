# assay_unit_test(NAME sources… LIBS libraries…): one GoogleTest program, each of its tests known
# to ctest by name.
find_package(GTest REQUIRED)
include(GoogleTest)

function(assay_unit_test name)
  cmake_parse_arguments(PARSE_ARGV 1 TEST "" "" "LIBS")
  assay_program(${name} ${TEST_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${TEST_LIBS} GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60)
endfunction()
