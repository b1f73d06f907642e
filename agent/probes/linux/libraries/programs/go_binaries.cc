#include "agent/probes/linux/libraries/programs/go_binaries.h"

#include "agent/probes/linux/libraries/package_url.h"
#include "agent/probes/linux/libraries/programs/go_build_info.h"
#include "agent/probes/linux/libraries/programs/programs.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

constexpr std::string_view kGo = "go";
constexpr std::string_view kDevelopment = "(devel)";

// "(devel)": built from a folder, of no version.
std::string url_of(const GoModule& module) {
  return module.version == kDevelopment ? std::string() : golang_url(module.path, module.version);
}

void add_module(const Program& program, const GoBuildInfo& info, const GoModule& module,
                std::string_view kind, evidence::Table& table) {
  const bool is_main = kind == "main";
  table.add({{"path", program.path},
             {"kind", std::string(kind)},
             {"module", text_or_null(module.path)},
             {"version", text_or_null(module.version)},
             {"replaces", text_or_null(module.replaces)},
             {"go_version", info.go_version},
             {"package", is_main ? text_or_null(info.main_package) : evidence::kNull},
             {"revision", is_main ? text_or_null(info.revision) : evidence::kNull},
             {"purl", text_or_null(url_of(module))}});
}

// "go1.19.8" is version 1.19.8 of the standard library; "devel go1.21-…" has none.
GoModule standard_library(std::string_view go_version) {
  GoModule module{.path = "stdlib"};
  if (!go_version.starts_with(kGo)) return module;
  go_version.remove_prefix(kGo.size());
  module.version = go_version.substr(0, go_version.find(' '));
  return module;
}

void add_program(const Program& program, const GoBuildInfo& info, evidence::Table& table) {
  add_module(program, info, info.main.value_or(GoModule{}), "main", table);
  add_module(program, info, standard_library(info.go_version), "standard_library", table);
  for (const auto& module : info.dependencies)
    add_module(program, info, module, "dependency", table);
}

void add_note(const std::string& path, const std::string& note, evidence::Table& table) {
  table.add({{"path", text_or_null(path)}, {"kind", "main"}, {"note", note}});
}

// Whether the first bytes of a file are those of an ELF.
Result<bool> is_elf(ByteSource& source) {
  const auto start = read_at_most(source, 0, 4);
  if (!start) return fail(start.error());
  return *start ==
         "\x7F"
         "ELF";
}

void look_at(Host& host, const Program& program, evidence::Table& table) {
  FilePieces source(host, program.path, program.status.size_bytes);
  const auto can_be = is_elf(source);
  if (can_be && !*can_be) return;
  const auto info = can_be ? read_go_build_info(source) : fail(can_be.error());
  if (!info) {
    // Not found: removed meanwhile.
    if (info.error().code() != Code::kNotFound)
      add_note(program.path, info.error().message(), table);
    return;
  }
  if (*info) add_program(program, **info, table);
}

}  // namespace

Result<evidence::Table> collect_go_binaries(Host& host) {
  const auto programs = find_programs(host);
  if (!programs) return fail(programs.error());
  evidence::Table table(*evidence::find_table("go_binaries"));
  for (const auto& place : programs->unknown) add_note(place.path, place.why, table);
  for (const auto& program : programs->all) {
    if (program.is_replaced && !program.in_path)
      continue;  // unpackaged_binaries and reboot_required tell of it
    look_at(host, program, table);
    if (table.rows().size() > kMaxGoRows)
      return fail(Code::kTooLarge, "more than " + std::to_string(kMaxGoRows) + " modules of Go");
  }
  return table;
}

}  // namespace assay::agent
