# assay_fuzz_target(NAME SOURCES sources… LIBS libraries…) for tests/fuzz/NAME.cc (SOURCES: if it
# has others).
#
# With ASSAY_FUZZ: a libFuzzer program NAME (clang). Otherwise NAME_replay, from the same source,
# runs every file of tests/fuzz/corpus/<NAME without _fuzz>/ once, as a unit test of that name.
function(assay_fuzz_target name)
  cmake_parse_arguments(PARSE_ARGV 1 FUZZ "" "" "SOURCES;LIBS")
  if(NOT FUZZ_SOURCES)
    set(FUZZ_SOURCES ${name}.cc)
  endif()
  if(ASSAY_FUZZ)
    assay_program(${name} ${FUZZ_SOURCES})
    target_link_libraries(${name} PRIVATE ${FUZZ_LIBS})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  endif()
  if(ASSAY_TESTS)
    assay_wants_unit_tests(is_wanted)
  endif()
  if(is_wanted)
    string(REGEX REPLACE "_fuzz$" "" corpus ${name})
    assay_program(${name}_replay ${FUZZ_SOURCES})
    target_link_libraries(${name}_replay PRIVATE assay_fuzz_replay ${FUZZ_LIBS})
    add_test(NAME ${name}_replay
             COMMAND ${name}_replay ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${corpus})
    set_tests_properties(${name}_replay PROPERTIES LABELS unit)  # so under sanitizers too
  endif()
endfunction()
