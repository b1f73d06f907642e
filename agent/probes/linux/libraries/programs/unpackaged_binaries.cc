#include "agent/probes/linux/libraries/programs/unpackaged_binaries.h"

#include <fmt/format.h>

#include "agent/probes/linux/libraries/programs/package_files.h"
#include "agent/probes/linux/libraries/programs/programs.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

constexpr std::string_view kReplaced =
    "what runs is not this file: it was replaced or removed after the start";

// By its first bytes, as the kernel tells what to do with it.
Result<std::string> kind_of(Host& host, const std::string& path) {
  const auto start = host.read_range(path, 0, 4);
  if (!start) return fail(start.error());
  if (*start ==
      "\x7F"
      "ELF")
    return "elf";
  return start->starts_with("#!") ? "script" : "other";
}

void add_file(Host& host, const Program& program, evidence::Table& table) {
  const auto kind = kind_of(host, program.path);
  if (!kind && kind.error().code() == Code::kNotFound) return;  // removed meanwhile
  const auto digest = kind ? host.sha256_of(program.path, kMaxHashedBytes) : fail(kind.error());
  std::string note = digest ? "" : digest.error().message();
  if (program.is_replaced) note = kReplaced;
  table.add({{"path", program.path},
             {"kind", kind ? evidence::Value(*kind) : evidence::kNull},
             {"sha256", digest ? evidence::Value(digest->hex()) : evidence::kNull},
             {"size", static_cast<std::int64_t>(program.status.size_bytes)},
             {"uid", std::int64_t{program.status.uid}},
             {"gid", std::int64_t{program.status.gid}},
             {"mode", fmt::format("{:04o}", program.status.mode)},
             {"in_path", std::int64_t{program.in_path}},
             {"running", std::int64_t{program.is_running}},
             {"note", text_or_null(note)}});
}

void add_note(const std::string& path, bool in_path, bool is_running, std::string_view note,
              evidence::Table& table) {
  table.add({{"path", text_or_null(path)},
             {"in_path", std::int64_t{in_path}},
             {"running", std::int64_t{is_running}},
             {"note", std::string(note)}});
}

}  // namespace

Result<evidence::Table> collect_unpackaged_binaries(Host& host) {
  const auto programs = find_programs(host);
  if (!programs) return fail(programs.error());
  PathSet unpackaged;
  for (const auto& program : programs->all) unpackaged.insert(program.path);
  if (auto removed = remove_packaged(host, unpackaged); !removed)
    return fail(std::move(removed.error()));
  evidence::Table table(*evidence::find_table("unpackaged_binaries"));
  for (const auto& place : programs->unknown)
    add_note(place.path, !place.is_running, place.is_running, place.why, table);
  for (const auto& program : programs->all) {
    if (!unpackaged.contains(program.path)) continue;
    if (program.is_replaced && !program.in_path)
      add_note(program.path, false, true, kReplaced, table);
    else
      add_file(host, program, table);
  }
  return table;
}

}  // namespace assay::agent
