# What assay_proto needs, found here for all folders. By gRPC's own description for CMake: pkg-config
# takes half a minute to tell of it and of all that it stands on.
find_package(Protobuf REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(gRPC CONFIG REQUIRED)
# RE2's says -pthread, which defines a macro: no precompiled header of ours would fit.
set_property(TARGET re2::re2 PROPERTY INTERFACE_COMPILE_OPTIONS "")
