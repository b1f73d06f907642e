// Tokens, hosts and certificates.
#include <algorithm>

#include "collector/store/sql/acts.h"
#include "collector/store/sql/host_rows.h"
#include "collector/store/sql/rows.h"
#include "collector/store/sql/sql_store.h"
#include "evidence/refusal.h"

namespace assay::collector::sql {
namespace {

constexpr std::string_view kTokenColumns =
    "SELECT id, kind, hash, name, role, created, expires, revoked_at, spent_at, host_id, number"
    " FROM tokens ";
constexpr std::string_view kHostColumns =
    "SELECT id, name, profile, os, enrolled_at, last_seen, last_snapshot, last_sequence,"
    " revoked_at FROM hosts ";
constexpr std::string_view kCertificateColumns =
    "SELECT serial, host_id, not_before, not_after, revoked_at, pem FROM certificates ";

std::string sql(std::string_view columns, std::string_view rest) {
  return std::string(columns).append(rest);
}

Token read_token(const Statement& row) {
  Token token;
  token.id = row.text(0);
  token.kind =
      row.text(1) == name_of(TokenKind::kPerson) ? TokenKind::kPerson : TokenKind::kEnrollment;
  token.hash = row.digest(2);
  token.name = row.text(3);
  token.role = role_from(row.text(4)).value_or(Role::kAuditor);
  token.created = row.time(5);
  token.expires = row.optional_time(6);
  token.revoked_at = row.optional_time(7);
  token.spent_at = row.optional_time(8);
  token.host_id = row.text(9);
  return token;
}

Host read_host(const Statement& row) {
  Host host;
  host.id = row.text(0);
  host.name = row.text(1);
  host.profile = row.text(2);
  host.os = row.text(3);
  host.enrolled_at = row.time(4);
  host.last_seen = row.optional_time(5);
  host.last_snapshot = row.optional_digest(6);
  host.last_sequence = row.integer(7);
  host.revoked_at = row.optional_time(8);
  host.state = host.revoked_at ? HostState::kRevoked : HostState::kActive;
  return host;
}

Certificate read_certificate_row(const Statement& row) {
  Certificate certificate;
  certificate.serial = row.text(0);
  certificate.host_id = row.text(1);
  certificate.not_before = row.time(2);
  certificate.not_after = row.time(3);
  certificate.revoked_at = row.optional_time(4);
  certificate.pem = row.text(5);
  return certificate;
}

Status insert_certificate(Connection& connection, const Certificate& certificate) {
  return connection
      .prepare(
          "INSERT INTO certificates (serial, host_id, not_before, not_after, revoked_at, pem)"
          " VALUES (?, ?, ?, ?, ?, ?)")
      .bind(certificate.serial, certificate.host_id, certificate.not_before, certificate.not_after,
            certificate.revoked_at, certificate.pem)
      .run();
}

}  // namespace

std::unexpected<Error> no_host(std::string_view id) {
  return refuse(Code::kNotFound, {"no host {}", "找不到主機 {}"}, id);
}

Status check_standing(std::string_view id, std::optional<bool> is_revoked) {
  if (!is_revoked) return no_host(id);
  if (*is_revoked) return refuse(Code::kRefused, {"the host is revoked", "這部主機已撤銷"});
  return {};
}

Status check_host(Connection& connection, std::string_view id) {
  auto rows = connection.prepare(std::string("SELECT revoked_at FROM hosts WHERE id = ?")
                                     .append(connection.dialect().locks_rows));
  const auto row = rows.bind(id).step();
  if (!row) return fail(row.error());
  return check_standing(id, *row ? std::optional(!rows.is_null(0)) : std::nullopt);
}

Status SqlStore::do_add_token(const Token& token) {
  return writing(Lock::kRecords, [&](Connection& connection) -> Status {
    auto added =
        connection
            .prepare(
                "INSERT INTO tokens (id, kind, hash, name, role, created, expires, revoked_at,"
                " spent_at, host_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(token.id, name_of(token.kind), token.hash, token.name, name_of(token.role),
                  token.created, token.expires, token.revoked_at, token.spent_at, token.host_id)
            .run();
    if (!added) return added;
    return add_act(connection, "token_made", token.id, token.created);
  });
}

Result<Token> SqlStore::do_token(const evidence::Digest& hash) {
  return reading([&](Connection& connection) -> Result<Token> {
    auto rows = connection.prepare(sql(kTokenColumns, "WHERE hash = ?"));
    rows.bind(hash);
    return one(rows, read_token, [&] { return phrase({"no such token", "沒有這個權杖"}); });
  });
}

Result<Page<Token>> SqlStore::do_tokens(const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<Token>> {
    auto rows =
        connection.prepare(sql(kTokenColumns,
                               "WHERE ?1 = '' OR number < (SELECT number FROM tokens WHERE id = ?1)"
                               " ORDER BY number DESC LIMIT ?2"));
    rows.bind(page.cursor, page.limit + 1);
    return page_of(rows, page.limit, read_token, [](const Token& last) { return last.id; });
  });
}

Status SqlStore::do_revoke_token(std::string_view id, evidence::Seconds now) {
  return writing(Lock::kRecords, [&](Connection& connection) -> Status {
    auto done =
        connection.prepare("UPDATE tokens SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL")
            .bind(id, now)
            .run();
    if (!done) return done;
    if (connection.changes() > 0) return add_act(connection, "token_revoked", id, now);
    auto rows = connection.prepare("SELECT 1 FROM tokens WHERE id = ?");
    const auto is_there = rows.bind(id).step();
    if (!is_there) return fail(is_there.error());
    if (!*is_there) return refuse(Code::kNotFound, {"no such token", "沒有這個權杖"});
    return {};
  });
}

Status SqlStore::do_enroll(const evidence::Digest& token_hash, const Host& host,
                           const Certificate& certificate, evidence::Seconds now) {
  return writing(Lock::kRecords, [&](Connection& connection) -> Status {
    auto spent = connection
                     .prepare(
                         "UPDATE tokens SET spent_at = ?2, host_id = ?3 WHERE hash = ?1 AND"
                         " kind = 'enrollment' AND spent_at IS NULL AND revoked_at IS NULL"
                         " AND expires > ?2")
                     .bind(token_hash, now, host.id)
                     .run();
    if (!spent) return spent;
    if (connection.changes() == 0)
      return refuse(Code::kUnauthenticated,
                    {"the token is unknown, expired or spent", "權杖不明、已過期或已使用"});
    auto added = connection
                     .prepare(
                         "INSERT INTO hosts (id, name, profile, os, enrolled_at, last_seen)"
                         " VALUES (?, ?, ?, ?, ?, ?)")
                     .bind(host.id, host.name, host.profile, host.os, host.enrolled_at, now)
                     .run();
    if (!added) return added;
    if (auto done = add_act(connection, "host_enrolled", host.id, host.enrolled_at); !done)
      return done;
    return insert_certificate(connection, certificate);
  });
}

Status SqlStore::do_add_certificate(const Certificate& certificate) {
  return writing(Lock::kNone, [&](Connection& connection) -> Status {
    if (auto host = check_host(connection, certificate.host_id); !host) return host;
    return insert_certificate(connection, certificate);
  });
}

Result<Certificate> SqlStore::do_certificate(std::string_view serial) {
  return reading([&](Connection& connection) -> Result<Certificate> {
    auto rows = connection.prepare(sql(kCertificateColumns, "WHERE serial = ?"));
    rows.bind(serial);
    return one(rows, read_certificate_row,
               [&] { return phrase({"no certificate {}", "找不到憑證 {}"}, serial); });
  });
}

Result<std::vector<Certificate>> SqlStore::do_certificates(std::string_view host_id) {
  return reading([&](Connection& connection) -> Result<std::vector<Certificate>> {
    auto rows =
        connection.prepare(sql(kCertificateColumns, "WHERE host_id = ? ORDER BY number DESC"));
    rows.bind(host_id);
    return all(rows, read_certificate_row);
  });
}

Result<Host> SqlStore::do_host(std::string_view id) {
  return reading([&](Connection& connection) -> Result<Host> {
    auto rows = connection.prepare(sql(kHostColumns, "WHERE id = ?"));
    rows.bind(id);
    return one(rows, read_host, [&] { return no_host(id).error().text(); });
  });
}

Result<Page<Host>> SqlStore::do_hosts(std::string_view text, const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<Host>> {
    auto rows = connection.prepare(
        sql(kHostColumns,
            "WHERE (?1 = '' OR (name, id) > (SELECT name, id FROM hosts WHERE id = ?1))"
            " AND (?2 = '' OR instr(lower(name), lower(?2)) > 0 OR substr(id, 1, length(?2)) = ?2)"
            " ORDER BY name, id LIMIT ?3"));
    rows.bind(page.cursor, text, page.limit + 1);
    return page_of(rows, page.limit, read_host, [](const Host& last) { return last.id; });
  });
}

Status SqlStore::do_revoke_host(std::string_view id, evidence::Seconds now) {
  return writing(Lock::kRecords, [&](Connection& connection) -> Status {
    auto host =
        connection.prepare("UPDATE hosts SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL")
            .bind(id, now)
            .run();
    if (!host) return host;
    if (connection.changes() > 0) {
      if (auto done = add_act(connection, "host_revoked", id, now); !done) return done;
    } else {
      auto rows = connection.prepare("SELECT 1 FROM hosts WHERE id = ?");
      const auto is_there = rows.bind(id).step();
      if (!is_there) return fail(is_there.error());
      if (!*is_there) return no_host(id);
    }
    return connection
        .prepare("UPDATE certificates SET revoked_at = coalesce(revoked_at, ?2) WHERE host_id = ?1")
        .bind(id, now)
        .run();
  });
}

Result<std::vector<std::string>> SqlStore::do_revoked_since(evidence::Seconds since) {
  return reading([&](Connection& connection) -> Result<std::vector<std::string>> {
    // Put in order here: asked for it, SQLite reads all hosts by id rather than the few by time.
    auto rows =
        connection.prepare("SELECT id FROM hosts WHERE revoked_at IS NOT NULL AND revoked_at >= ?");
    rows.bind(since);
    auto ids = all(rows, [](const Statement& row) { return row.text(0); });
    if (ids) std::ranges::sort(*ids);
    return ids;
  });
}

Status SqlStore::do_saw(std::span<const Sighting> sightings) {
  // In one order, so that of two who write at once each waits for the other but once.
  std::vector<Sighting> sorted(sightings.begin(), sightings.end());
  std::ranges::stable_sort(sorted, {}, &Sighting::host_id);
  return writing(Lock::kNone, [&](Connection& connection) -> Status {
    for (const auto& sighting : sorted) {
      auto done = connection
                      .prepare(
                          "UPDATE hosts SET last_seen = ?2 WHERE id = ?1 AND"
                          " (last_seen IS NULL OR last_seen < ?2)")
                      .bind(sighting.host_id, sighting.time)
                      .queue();
      if (!done) return done;
    }
    return {};
  });
}

}  // namespace assay::collector::sql
