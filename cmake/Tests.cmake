# assay_unit_test(NAME sources… LIBS libraries…): one GoogleTest program, each of its tests known
# to ctest by name.
find_package(GTest REQUIRED)
include(GoogleTest)

function(assay_unit_test name)
  cmake_parse_arguments(PARSE_ARGV 1 TEST "" "" "LIBS")
  assay_program(${name} ${TEST_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${TEST_LIBS} GTest::gtest_main)
  # Names end in a parameter's number or name: its printed value may hold addresses, which differ
  # from build to build.
  gtest_discover_tests(${name} NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60 PROPERTIES LABELS unit)
endfunction()
