#include "tests/bench/fleet/company.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "collector/identity/authority.h"
#include "collector/identity/key_file.h"
#include "collector/identity/token.h"
#include "collector/store/sqlite/sqlite_store.h"
#include "evidence/signature.h"
#include "tests/integration/collector/signing_request.h"

namespace assay::bench {
namespace {

using namespace collector;  // NOLINT: a program

template <typename T>
T taken(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message());
  return std::move(*result);
}
void must(const Status& status) {
  if (!status) throw std::runtime_error(status.error().message());
}

Member enroll(Store& store, const Authority& authority, std::size_t number, evidence::Seconds now) {
  Member member;
  member.host_id = taken(new_uuid());
  member.key = taken(evidence::new_private_key());
  member.certificate =
      taken(authority.issue_agent(signing_request(member.key), member.host_id, now));
  const auto facts = taken(evidence::read_certificate(member.certificate));
  const auto token =
      taken(new_enrollment_token(authority.fingerprint(), now, std::chrono::hours(1)));
  must(store.add_token(token.record));
  Host host;
  host.id = member.host_id;
  host.name = "machine-" + std::to_string(number);
  host.enrolled_at = now;
  must(store.enroll(token.record.hash, host,
                    {facts.serial, member.host_id, facts.not_before, facts.not_after, std::nullopt,
                     member.certificate},
                    now));
  return member;
}

}  // namespace

Company found_company(const std::string& state, std::size_t count, evidence::Seconds now) {
  must(make_key_folder(state));
  const auto store = taken(sqlite::SqliteStore::open({state + "/store.db", 1, 0}));
  return found_company(state, count, *store, {}, now);
}

Company found_company(const std::string& state, std::size_t count, collector::Store& store,
                      std::vector<std::string> names, evidence::Seconds now) {
  must(make_key_folder(state));
  names.insert(names.end(), {"localhost", "127.0.0.1"});
  const auto authority = taken(Authority::create(state + "/identity", names, now));
  Company company{authority.ca_certificate(), {}};
  for (std::size_t i = 0; i < count; ++i)
    company.members.push_back(enroll(store, authority, i, now));
  return company;
}

void write_company(const std::string& file, const Company& company) {
  std::ofstream out(file);
  out << nlohmann::json{{"ca", company.ca}} << '\n';
  for (const auto& member : company.members) {
    out << nlohmann::json{{"host_id", member.host_id},
                          {"key", member.key},
                          {"certificate", member.certificate}}
        << '\n';
  }
  if (!out.flush()) throw std::runtime_error(file + " cannot be written");
}

Company read_company(const std::string& file) {
  std::ifstream in(file);
  Company company;
  for (std::string line; std::getline(in, line);) {
    const auto read = nlohmann::json::parse(line);
    if (read.contains("ca"))
      company.ca = read["ca"];
    else
      company.members.push_back({read["host_id"], read["key"], read["certificate"]});
  }
  if (company.members.empty()) throw std::runtime_error(file + " has no machines");
  return company;
}

}  // namespace assay::bench
