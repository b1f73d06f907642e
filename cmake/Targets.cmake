# assay_library(NAME sources…), assay_program(NAME sources…): our own targets,
# with warnings as errors. Generated code is built without them.

add_library(assay_warnings INTERFACE)
target_compile_options(assay_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor
  -Woverloaded-virtual -Wold-style-cast -Wcast-qual -Wformat=2 -Wundef -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these inside its own library for std::variant and std::string.
  target_compile_options(assay_warnings INTERFACE
    -Wno-error=maybe-uninitialized -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow
    -Wno-stringop-overread -Wno-array-bounds -Wno-missing-field-initializers)
else()
  # std::stable_sort of libstdc++ 12 calls a function that C++23 has deprecated.
  target_compile_options(assay_warnings INTERFACE -Wno-missing-field-initializers
    -Wno-missing-designated-field-initializers -Wno-deprecated-declarations)
endif()
target_include_directories(assay_warnings INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(assay_warnings INTERFACE ASSAY_VERSION="${PROJECT_VERSION}")

# One precompiled header for all libraries that do not speak gRPC. Every header in it costs every
# source: nlohmann/json.hpp alone would add a second to each, its templates being instantiated anew.
file(WRITE ${CMAKE_BINARY_DIR}/assay_pch.cc "")
add_library(assay_pch OBJECT ${CMAKE_BINARY_DIR}/assay_pch.cc)
target_link_libraries(assay_pch PUBLIC assay_warnings)
target_precompile_headers(assay_pch PRIVATE
  <algorithm> <array> <chrono> <cstdint> <expected> <functional> <map> <memory> <optional> <set>
  <span> <string> <string_view> <unordered_map> <utility> <variant> <vector>)

function(assay_library name)
  add_library(${name} STATIC ${ARGN})
  target_link_libraries(${name} PUBLIC assay_warnings)
  target_precompile_headers(${name} REUSE_FROM assay_pch)
endfunction()

# A program is little more than its main(): compiled as PIE, without the precompiled header.
function(assay_program name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE assay_warnings)
endfunction()
