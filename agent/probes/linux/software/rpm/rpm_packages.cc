#include "agent/probes/linux/software/rpm/rpm_packages.h"

#include "agent/probes/linux/software/purl.h"
#include "agent/probes/linux/software/rpm/bdb_packages.h"
#include "agent/probes/linux/software/rpm/ndb_packages.h"
#include "agent/probes/linux/software/rpm/sqlite_packages.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/small_letters.h"
#include "evidence/limits.h"

namespace assay::agent {
namespace {

// Where distributions keep the database; often one of them is a link to another.
constexpr std::array<std::string_view, 3> kFolders = {"/usr/lib/sysimage/rpm", "/var/lib/rpm",
                                                      "/usr/share/rpm"};
constexpr std::string_view kLogSuffix = "-wal";
constexpr std::string_view kKeyPackage = "gpg-pubkey";
constexpr int kTries = 2;

enum class Backend { kSqlite, kNdb, kBdb };
struct BackendFile {
  std::string_view name;
  Backend backend;
};
constexpr std::array kFiles = {BackendFile{"rpmdb.sqlite", Backend::kSqlite},
                               BackendFile{"Packages.db", Backend::kNdb},
                               BackendFile{"Packages", Backend::kBdb}};

struct Database {
  std::string path;
  Backend backend{};
  FileStatus status;
  std::optional<FileStatus> log;  // of the write-ahead log, when it holds anything
};

Result<std::optional<FileStatus>> status_if_any(Host& host, const std::string& path) {
  const auto status = host.status(path);
  if (!status && status.error().code() == Code::kNotFound) return std::nullopt;
  if (!status) return fail(status.error());
  if (status->kind != FileKind::kRegular || status->size_bytes == 0) return std::nullopt;
  return *status;
}

// The one that was written last: a system that moved from one form or place to another may have
// kept the old one.
Result<Database> find_database(Host& host) {
  std::optional<Database> found;
  for (const auto folder : kFolders) {
    for (const auto& [name, backend] : kFiles) {
      Database candidate{.path = std::string(folder).append("/").append(name), .backend = backend};
      const auto status = status_if_any(host, candidate.path);
      if (!status) return fail(status.error());
      if (!*status) continue;
      candidate.status = **status;
      if (backend == Backend::kSqlite) {
        auto log = status_if_any(host, candidate.path + std::string(kLogSuffix));
        if (!log) return fail(std::move(log.error()));
        candidate.log = *log;
      }
      if (!found || found->status.modified_ns < candidate.status.modified_ns)
        found = std::move(candidate);
    }
  }
  if (!found) return fail(Code::kNotFound, "no rpm database is on this system");
  return *std::move(found);
}

Status visit_headers(Host& host, const Database& database, const HeaderVisitor& visit,
                     const RpmSelection& selection = {}) {
  HostBytes file(host, database.path, database.status.size_bytes);
  switch (database.backend) {
    case Backend::kNdb: return visit_ndb_headers(file, visit);
    case Backend::kBdb: return visit_bdb_headers(file, visit);
    case Backend::kSqlite: break;
  }
  if (!database.log) return visit_sqlite_headers(file, nullptr, visit, selection);
  HostBytes log(host, database.path + std::string(kLogSuffix), database.log->size_bytes);
  return visit_sqlite_headers(file, &log, visit, selection);
}

std::string_view purl_name_space(std::string_view id) {
  if (id == "rhel") return "redhat";
  if (id.starts_with("opensuse")) return "opensuse";
  if (id.starts_with("sle")) return "suse";
  return id;
}

evidence::Row row_of(RpmHeader&& header, const OsRelease& release, const std::string& database) {
  evidence::Row row;
  row.reserve(16);
  auto purl = rpm_purl(header, release);
  row.emplace_back(std::move(header.name));
  row.emplace_back(std::move(header.version));
  row.emplace_back(std::move(header.release));
  row.push_back(text_or_null(header.source_rpm));
  row.push_back(number_or_null(header.size_bytes));
  row.push_back(text_or_null(header.sha1));
  row.push_back(text_or_null(header.arch));
  row.push_back(number_or_null(header.epoch));
  row.push_back(number_or_null(header.install_time));
  row.push_back(text_or_null(header.vendor));
  row.push_back(text_or_null(header.group));
  row.push_back(text_or_null(header.license));
  row.push_back(text_or_null(header.module));
  row.push_back(text_or_null(header.signing_key));
  row.emplace_back(database);
  row.push_back(text_or_null(purl));
  return row;
}

Result<evidence::Table> read_packages(Host& host, const Database& database,
                                      const OsRelease& release) {
  evidence::Table table(*evidence::find_table("rpm_packages"));
  const auto visited = visit_headers(host, database, [&](ByteSource& bytes) -> Status {
    auto header = read_rpm_header(bytes);
    if (!header) return fail(std::move(header.error()));
    if (table.rows().size() == evidence::kMaxRows)
      return fail(Code::kTooLarge, "more packages than a table may have rows");
    table.add_row(row_of(*std::move(header), release, database.path));
    return {};
  });
  if (!visited) return fail(visited.error().within("reading " + database.path));
  return table;
}

}  // namespace

std::string rpm_purl(const RpmHeader& header, const OsRelease& release) {
  const auto id = in_small_letters(value_of(release, "ID"));
  if (id.empty() || header.name == kKeyPackage) return {};
  // The epoch is no part of the version, other than in a deb.
  return Purl("rpm", purl_name_space(id), header.name, header.version + "-" + header.release)
      .with("arch", header.arch)
      .with("distro", distro_qualifier(release))
      .with("epoch", header.epoch ? std::to_string(*header.epoch) : std::string())
      .take();
}

Status visit_rpm_packages(Host& host, const HeaderVisitor& visit, const RpmSelection& selection) {
  for (int i = 0; i < kTries; ++i) {
    const auto before = find_database(host);
    if (!before) return fail(before.error());
    const auto visited = visit_headers(host, *before, visit, selection);
    const auto after = find_database(host);
    if (!after || after->path != before->path || after->status != before->status ||
        after->log != before->log)
      continue;
    if (!visited) return fail(visited.error().within("reading " + before->path));
    return {};
  }
  return fail(Code::kUnavailable, "rpm changed its database while it was read");
}

Result<std::string> rpm_database_path(Host& host) {
  auto database = find_database(host);
  if (!database) return fail(std::move(database.error()));
  return std::move(database->path);
}

Result<evidence::Table> collect_rpm_packages(Host& host) {
  const auto release = read_os_release(host);
  const OsRelease known = release ? *release : OsRelease{};
  for (int i = 0; i < kTries; ++i) {
    const auto before = find_database(host);
    if (!before) return fail(before.error());
    auto table = read_packages(host, *before, known);
    const auto after = find_database(host);
    if (after && after->path == before->path && after->status == before->status &&
        after->log == before->log)
      return table;
  }
  return fail(Code::kUnavailable, "rpm changed its database while it was read");
}

}  // namespace assay::agent
