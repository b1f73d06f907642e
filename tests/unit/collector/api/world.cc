#include "tests/unit/collector/api/world.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "checks/engine/compiler.h"
#include "collector/api/gatekeeper.h"
#include "collector/content/catalogue.h"
#include "collector/identity/certificate_maker.h"
#include "collector/store/kept_form.h"
#include "collector/store/sqlite/sqlite_store.h"
#include "evidence/canonical.h"
#include "evidence/compress.h"
#include "evidence/signature.h"

namespace assay::collector::api {

namespace {

constexpr std::string_view kRules = R"(
- id: PWD-LENGTH
  title: {en: Passwords may be too short, zh-TW: 密碼可能過短}
  rationale: {en: Short ones are guessed., zh-TW: 過短易遭猜測。}
  severity: high
  key: [setting]
  query: |
    SELECT setting, value, p.minlen AS required, source, line
    FROM password_policy, parameters p WHERE setting = 'minlen' AND value < p.minlen
  facts: SELECT setting, value, source, line FROM password_policy
  remedy: {en: Set minlen., zh-TW: 設定 minlen。}
  controls:
    - {control: "strict:1", proves: full}
    - {control: "mild:1", proves: partial, not_proven: {en: Reuse., zh-TW: 重複使用。}}
- id: ACC-ROOT
  title: {en: Another administrator, zh-TW: 另有管理者帳號}
  rationale: {en: Nobody knows who did it., zh-TW: 無法歸責。}
  severity: low
  key: [username]
  query: SELECT username FROM users WHERE uid = 0 AND username <> 'root'
  remedy: {en: Remove it., zh-TW: 移除。}
  controls:
    - {control: "strict:2", proves: full}
- id: REG-OWNER
  title: {en: Nobody answers for the machine, zh-TW: 主機未登載擁有者}
  rationale: {en: Nobody can be asked., zh-TW: 無人負責。}
  severity: info
  key: [zone]
  query: SELECT zone FROM host_register WHERE owner IS NULL
  remedy: {en: Record it., zh-TW: 登載擁有者。}
  controls: []
- id: ALLOW-DEB
  title: {en: Not approved, zh-TW: 未經核准}
  rationale: {en: Nobody wanted it., zh-TW: 未經核准。}
  severity: medium
  key: [name]
  query: |
    SELECT name FROM deb_packages d WHERE NOT EXISTS
      (SELECT 1 FROM allowlist a WHERE a.kind = 'deb' AND d.name GLOB a.name)
  remedy: {en: Approve or remove it., zh-TW: 核准或移除。}
  controls: []
)";

constexpr std::string_view kParameters = R"(
table: parameters
rows:
  - {name: minlen, meaning: {en: Least length, zh-TW: 最短長度}, server: 12, pc: 8, source: {en: Own, zh-TW: 自訂}}
  - {name: finding_close_days, meaning: {en: Days to close, zh-TW: 處理天數}, server: 30, pc: 30, source: {en: Own, zh-TW: 自訂}}
)";

constexpr std::string_view kAllowlist = R"(
table: allowlist
source: the company
retrieved: 2026-11-20
when_empty: nothing has been approved yet
rows: []
)";

constexpr std::string_view kCpeProducts = R"(
table: cpe_products
source: the test
retrieved: 2026-11-20
rows:
  - {package: openssl, part: a, vendor: openssl, product: openssl, version: upstream, confidence: exact}
)";

std::string catalogue(std::string_view id, int minlen) {
  const std::string control =
      ", gist: {en: G, zh-TW: 要旨}, mode: automated, location: {en: L, zh-TW: 位置}}\n";
  return "framework: " + std::string(id) +
         "\nedition: \"2021\"\ntitle: {en: T, zh-TW: 標題}\nsource: {en: S, zh-TW: 來源}\n"
         "controls_in_document: 4\nparameters:\n  server: {minlen: {value: " +
         std::to_string(minlen) +
         ", source: \"1\"}}\ncontrols:\n  - {id: \"1\", title: {en: Length, zh-TW: 長度}" +
         control +
         "  - {id: \"2\", applies_to: {kinds: [internet-order], core_only: true}, effective: "
         "2022-01-31, deadlines: [{for: {en: A, zh-TW: 甲}, by: 2022-12-31}], frequency: monthly, "
         "not_mapped: {en: N, zh-TW: 無}, title: {en: Accounts, "
         "zh-TW: 帳號}" +
         control +
         "  - {id: \"3\", title: {en: Committee, zh-TW: 委員會}, gist: {en: G, zh-TW: 要旨}, "
         "mode: manual, not_mapped: {en: People decide., zh-TW: 由人員決定。}, location: {en: L, "
         "zh-TW: "
         "位置}}\n";
}

std::shared_ptr<const checks::Content> content_with(int strict_length) {
  checks::Compiler compiler;
  compiler.add(kRules, "rules.yaml");
  compiler.add(kParameters, "parameters.yaml");
  compiler.add(kAllowlist, "allowlist.yaml");
  compiler.add(kCpeProducts, "cpe_products.yaml");
  compiler.add(catalogue("strict", strict_length), "strict.yaml");
  compiler.add(catalogue("mild", 8), "mild.yaml");
  auto content = std::move(compiler).finish();
  if (!content) throw std::runtime_error(content.error().message());
  // What a digest over the compiled form is for the shipped content.
  content->digest = evidence::sha256(checks::to_json(*content));
  return std::make_shared<const checks::Content>(std::move(*content));
}

}  // namespace

World::World()
    : folder_(testing::TempDir() + "api-" + std::to_string(getpid())),
      now_(evidence::from_timestamp("2026-11-20T00:00:00Z").value()) {
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directories(folder_);
  store_ = sqlite::SqliteStore::open({folder_ + "/assay.db"}).value();
  ca_ = certify(static_cast<int>(CertificateUse::kAuthority), "CA", "");
  use_content(content_with(12));
}

World::~World() {
  std::filesystem::remove_all(folder_);
}

void World::use_content(std::shared_ptr<const checks::Content> content) {
  EXPECT_TRUE(keep_catalogue(*store_, *content, now_));
  const auto clock = [this] { return now_; };
  if (evaluator_)
    evaluator_->set_content(content);
  else
    evaluator_ = std::make_unique<Evaluator>(*store_, content, clock);
  keeper_ = std::make_unique<ContentKeeper>(*store_, *evaluator_, content, clock);
  router_ = std::make_unique<Router>();
  service_ = std::make_unique<Service>(Service{
      *store_, std::move(content), ca_.certificate, clock, {}, {}, {}, kStaleAfter, {}, {}});
  service_->scan_now = [this](const std::string& host_id) {
    asked_to_scan_ = host_id;
    return host_id == attending_;
  };
  service_->register_changed = [this](const std::string& host_id) {
    (void)evaluator_->evaluate(host_id);  // a host without a snapshot has nothing to judge
  };
  service_->approvals_changed = [this] {
    const auto done = keeper_->refresh();
    EXPECT_TRUE(done) << done.error().message();
    judge_what_is_due();
  };
  add_all(*router_, *service_);
}

void World::judge_what_is_due() {
  const auto due = store_->due(evaluator_->content()->digest, evaluator_->today(), "", 1000);
  ASSERT_TRUE(due) << due.error().message();
  for (const auto& host_id : *due) EXPECT_TRUE(evaluator_->evaluate(host_id));
}

void World::set_frequency(const std::string& frequency) {
  auto content = *service_->content;
  for (auto& framework : content.frameworks)
    for (auto& control : framework.controls) control.frequency = frequency;
  use_content(std::make_shared<const checks::Content>(std::move(content)));
}

void World::set_strict_length(int length) {
  use_content(content_with(length));
}

World::KeyPair World::certify(int use, const std::string& name,
                              const std::string& alternative_name) {
  KeyPair pair;
  pair.key = evidence::new_private_key().value();
  CertificateWish wish;
  wish.use = static_cast<CertificateUse>(use);
  wish.common_name = name;
  if (!alternative_name.empty()) wish.alternative_names = {alternative_name};
  // TLS compares with the real clock.
  wish.not_before = evidence::from_timestamp("2020-01-01T00:00:00Z").value();
  wish.not_after = evidence::from_timestamp("2049-01-01T00:00:00Z").value();
  const bool is_ca = wish.use == CertificateUse::kAuthority;
  pair.certificate = make_certificate(wish, public_key_of(pair.key).value(),
                                      is_ca ? "" : ca_.certificate, is_ca ? pair.key : ca_.key)
                         .value();
  return pair;
}

World::Machine World::enroll(const std::string& name) {
  Machine machine;
  machine.name = name;
  machine.id = new_uuid().value();
  machine.identity = certify(static_cast<int>(CertificateUse::kAgent), name,
                             "URI:spiffe://assay/agent/" + machine.id);
  const auto token = new_enrollment_token({}, now_, std::chrono::hours(1)).value();
  EXPECT_TRUE(store_->add_token(token.record));
  const auto facts = evidence::read_certificate(machine.identity.certificate).value();
  Host host;
  host.id = machine.id;
  host.name = name;
  host.enrolled_at = now_;
  const auto enrolled = store_->enroll(token.record.hash, host,
                                       {facts.serial, machine.id, facts.not_before, facts.not_after,
                                        std::nullopt, machine.identity.certificate},
                                       now_);
  EXPECT_TRUE(enrolled) << enrolled.error().message();
  return machine;
}

std::vector<std::pair<evidence::ManifestEntry, std::optional<StoredTable>>> World::look_at(
    const Machine& machine) {
  evidence::Table policy(*evidence::find_table("password_policy"));
  policy.add({{"setting", "minlen"},
              {"value", machine.minlen},
              {"source", "/etc/security/pwquality.conf"},
              {"line", std::int64_t{3}}});
  evidence::Table users(*evidence::find_table("users"));
  for (const auto& name : machine.roots) users.add({{"username", name}, {"uid", std::int64_t{0}}});

  evidence::Table packages(*evidence::find_table("deb_packages"));
  for (const auto& name : machine.packages)
    packages.add({{"name", name},
                  {"version", "1.0-1"},
                  {"arch", "amd64"},
                  {"status", "install ok installed"},
                  {"maintainer", "Ann <ann@example.com>"},
                  {"purl", "pkg:deb/debian/" + name + "@1.0-1"}});

  std::vector<std::pair<evidence::ManifestEntry, std::optional<StoredTable>>> out;
  std::vector<const evidence::Table*> all = {&packages, &policy, &users};
  for (const auto& other : machine.others) all.push_back(&other);
  std::ranges::sort(all, {}, [](const auto* table) { return table->header().table; });
  for (const auto* table : all) {
    if (table == &packages && machine.packages.empty()) continue;
    evidence::ManifestEntry entry;
    entry.name = table->header().table;
    if (table == &policy && !machine.shadowed.empty()) {
      entry.reason = machine.shadowed;
      out.emplace_back(entry, std::nullopt);
      continue;
    }
    const auto bytes = evidence::to_canonical(*table).value();
    entry.status = evidence::TableStatus::kOk;
    entry.digest = evidence::sha256(bytes);
    entry.rows = static_cast<std::int64_t>(table->rows().size());
    entry.bytes = static_cast<std::int64_t>(bytes.size());
    out.emplace_back(entry, StoredTable{{*entry.digest, entry.name, entry.bytes, 0, {}},
                                        evidence::compress(bytes).value()});
  }
  return out;
}

// As the collector's ingest does.
void World::keep_as_what_differs(std::string_view bytes, NewSnapshot* snapshot,
                                 std::vector<StoredTable>* tables) {
  auto before = Predecessor::of(*store_, snapshot->manifest.host_id, snapshot->manifest.sequence);
  EXPECT_TRUE(set_form(bytes, before ? &*before : nullptr, snapshot));
  for (auto& table : *tables)
    set_form(*store_, store_->table_bytes(table).value(), before ? &*before : nullptr, &table);
}

evidence::Digest World::scan(Machine& machine) {
  wait(std::chrono::hours(1));
  NewSnapshot snapshot;
  auto& manifest = snapshot.manifest;
  manifest.host_id = machine.id;
  manifest.host_name = machine.name;
  manifest.agent_version = "0.1.0";
  manifest.profile = "server";
  manifest.sequence = ++machine.sequence;
  manifest.previous = machine.previous;
  manifest.started = manifest.ended = time();
  std::vector<StoredTable> tables;
  for (auto& [entry, table] : look_at(machine)) {
    manifest.tables.push_back(entry);
    if (table) tables.push_back(*table);
  }
  const auto bytes = evidence::to_canonical(manifest).value();
  snapshot.digest = evidence::sha256(bytes);
  snapshot.manifest_frame = evidence::compress(bytes).value();
  if (keeps_differences_) keep_as_what_differs(bytes, &snapshot, &tables);
  snapshot.signature = evidence::sign(machine.identity.key, bytes).value();
  snapshot.certificate_serial =
      evidence::read_certificate(machine.identity.certificate).value().serial;
  snapshot.now = now_;
  machine.previous = snapshot.digest;
  const auto receipt = store_->commit_snapshot(snapshot, tables);
  EXPECT_TRUE(receipt) << receipt.error().message();
  const auto judged = evaluator_->evaluate(machine.id);
  EXPECT_TRUE(judged) << judged.error().message();
  return snapshot.digest;
}

std::string World::add_person(const std::string& name, Role role,
                              std::optional<std::chrono::seconds> lifetime) {
  auto token = new_person_token({}, "somebody", role, now_, lifetime).value();
  token.record.name = name;  // any: stores have names from before they were looked at
  EXPECT_TRUE(store_->add_token(token.record));
  return token.text.substr(0, token.text.find('.'));
}

ApiResponse World::answer(const std::string& target) {
  auto request = read_target(target);
  if (!request) return error_response(request.error());
  request->person = {"token-1", "Mei-ling", Role::kAuditor};
  return router_->answer(std::move(*request));
}

ApiResponse World::post(const std::string& target, Role role, const std::string& body,
                        const std::string& type) {
  auto request = read_target(target);
  if (!request) return error_response(request.error());
  request->method = Method::kPost;
  request->body = body;
  request->content_type = type;
  request->person = {"token-1", "Mei-ling", role};
  return router_->answer(std::move(*request));
}

Json World::change(const std::string& target, const Json& body) {
  const auto response = post(target, Role::kOperator, body.dump());
  EXPECT_EQ(response.status, 200) << target << ": " << response.body;
  return Json::parse(response.body, nullptr, false);
}

ApiResponse World::send(Method method, const std::string& target, const std::string& body,
                        const Person& person) {
  auto request = read_target(target);
  if (!request) return error_response(request.error());
  request->method = method;
  request->person = person;
  request->body = body;
  return router_->answer(std::move(*request));
}

Json World::get(const std::string& target) {
  const auto response = answer(target);
  EXPECT_EQ(response.status, 200) << target << ": " << response.body;
  return Json::parse(response.body, nullptr, false);
}

std::string World::refusal(const std::string& target) {
  const auto json = Json::parse(answer(target).body, nullptr, false);
  return json.contains("error") ? json["error"].value("message", "") : "no refusal";
}

ApiOptions World::server_options() {
  const auto pair = certify(static_cast<int>(CertificateUse::kServer), "collector", "IP:127.0.0.1");
  ApiOptions options;
  options.port = 0;
  options.certificate_pem = pair.certificate;
  options.private_key_pem = pair.key;
  options.ca_pem = ca_.certificate;
  options.now = [this] { return now_; };
  options.scan_now = service_->scan_now;
  return options;
}

}  // namespace assay::collector::api
