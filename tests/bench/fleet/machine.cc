#include "tests/bench/fleet/machine.h"

#include <fmt/core.h>

#include <set>
#include <stdexcept>

#include "evidence/canonical.h"
#include "evidence/clock.h"
#include "evidence/compress.h"
#include "evidence/schema.h"
#include "evidence/signature.h"
#include "evidence/table.h"

namespace assay::bench {
namespace {

// Tables that every machine has for itself, in a company that installs from images.
const std::set<std::string_view> kOwn = {"agent_info", "interface_addresses", "last_logins",
                                         "users"};

std::shared_ptr<const Content> content_of(const evidence::Table& table) {
  auto bytes = evidence::to_canonical(table);
  if (!bytes) throw std::runtime_error(bytes.error().message());
  auto content = std::make_shared<Content>();
  content->entry.name = table.header().table;
  content->entry.status = evidence::TableStatus::kOk;
  content->entry.digest = evidence::sha256(*bytes);
  content->entry.rows = static_cast<std::int64_t>(table.rows().size());
  content->entry.bytes = static_cast<std::int64_t>(bytes->size());
  content->entry.milliseconds = 1;
  content->frame = evidence::compress(*bytes).value();
  content->bytes = std::move(*bytes);
  return content;
}

evidence::Table rows_of(const evidence::TableSpec& spec, const std::string& mark,
                        std::size_t count) {
  evidence::Table table(spec);
  for (std::size_t i = 0; i < count; ++i) {
    evidence::Row row;
    for (const auto& column : spec.columns) {
      if (column.type == evidence::Type::kInteger)
        row.emplace_back(static_cast<std::int64_t>(i * 37));
      else
        row.emplace_back(fmt::format("{}-{}-{}", column.name, mark, i));
    }
    table.add_row(std::move(row));
  }
  return table;
}

// Names and versions differ as those of packages do: some digits, no two alike.
evidence::Table packages(const std::string& mark, std::size_t count) {
  evidence::Table table(*evidence::find_table("deb_packages"));
  std::size_t dice = std::hash<std::string>()(mark) | 1U;
  for (std::size_t i = 0; i < count; ++i) {
    dice = dice * 6364136223846793005U + 1442695040888963407U;
    const auto name = fmt::format("lib{:x}-{}", i * 2654435761U % 0xffffffff, i % 7);
    const auto version = fmt::format("{}.{}.{}-{}+{:x}", dice >> 60U, (dice >> 52U) % 40,
                                     (dice >> 40U) % 200, mark, dice & 0xffffffffffffU);
    table.add({{"name", name},
               {"version", version},
               {"size", static_cast<std::int64_t>((dice >> 20U) % 90'000'000)},
               {"arch", "amd64"},
               {"status", "install ok installed"},
               {"maintainer", "Debian " + name + " Maintainers <" + name + "@tracker.debian.org>"},
               {"section", "libs"},
               {"priority", "optional"},
               {"admindir", "/var/lib/dpkg"},
               {"purl", "pkg:deb/debian/" + name + "@" + version + "?arch=amd64"}});
  }
  return table;
}

std::shared_ptr<const Content> unavailable(const std::string& name) {
  auto content = std::make_shared<Content>();
  content->entry.name = name;
  content->entry.reason = "not_found: not on this machine";
  return content;
}

}  // namespace

Contents image(std::size_t number, std::size_t package_count) {
  const auto mark = "image" + std::to_string(number);
  Contents tables;
  std::size_t turn = 0;
  for (const auto* spec : evidence::all_tables()) {
    if (spec->origin != evidence::Origin::kHost) continue;
    const auto& name = spec->name;
    if (name == "deb_packages")
      tables[name] = content_of(packages(mark, package_count));
    else if (kOwn.contains(name) || ++turn % 2 == 0)
      tables[name] = content_of(rows_of(*spec, mark, turn % 3 == 0 ? 40 : 5));
    else
      tables[name] = unavailable(name);
  }
  return tables;
}

std::shared_ptr<const Content> updated_packages(const std::string& mark, std::size_t count) {
  return content_of(packages(mark, count));
}

Machine::Machine(const Member& member, const Contents& image) : member_(member), tables_(image) {
  for (const auto& name : kOwn)
    replace(content_of(rows_of(*evidence::find_table(name), member.host_id, 4)));
}

void Machine::replace(std::shared_ptr<const Content> content) {
  tables_[content->entry.name] = std::move(content);
}

Prepared Machine::scan() {
  Prepared prepared;
  evidence::Manifest manifest;
  manifest.host_id = member_.host_id;
  manifest.host_name = "machine-" + member_.host_id.substr(0, 8);
  manifest.agent_version = "0.1.0";
  manifest.profile = "server";
  manifest.sequence = ++sequence_;
  if (!before_.empty()) manifest.previous = evidence::sha256(before_);
  // A clock that is right: a wrong one is an event, and a write more, for each snapshot.
  const auto now = evidence::system_now();
  manifest.started = evidence::to_timestamp(now - std::chrono::seconds(1));
  manifest.ended = evidence::to_timestamp(now);
  for (const auto& [name, content] : tables_) {
    manifest.tables.push_back(content->entry);
    if (content->entry.digest) prepared.tables[content->entry.digest->raw()] = content;
  }
  const auto bytes = evidence::to_canonical(manifest).value();
  prepared.full = evidence::compress(bytes).value();
  if (!before_.empty()) {
    const auto base = evidence::sha256(before_);
    prepared.base = base.raw();
    prepared.difference = evidence::compress_with(before_ + base.hex(), bytes).value();
  }
  prepared.signature = evidence::sign(member_.key, bytes).value();
  prepared.digest = evidence::sha256(bytes).raw();
  before_ = bytes;
  return prepared;
}

}  // namespace assay::bench
