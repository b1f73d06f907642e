// A collector's world in a temporary folder: a real store, a CA, hosts that send signed snapshots
// and are judged by two small rules. The clock stands still until a test moves it.
//
// Rules: PWD-LENGTH (high; "strict" asks 12, "mild" asks 8; reads password_policy), ACC-ROOT (low;
// "strict" only; reads users); of no framework REG-OWNER (info; reads host_register) and ALLOW-DEB
// (medium; reads deb_packages and the list of what is approved). Control 3 of each is for people
// alone.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "collector/api/api_server.h"
#include "collector/api/router.h"
#include "collector/api/service.h"
#include "collector/evaluation/content_keeper.h"
#include "collector/evaluation/evaluator.h"
#include "collector/identity/token.h"
#include "collector/store/store.h"
#include "nlohmann/json.hpp"

namespace assay::collector::api {

using Json = nlohmann::ordered_json;

class World : public testing::Test {
 protected:
  struct KeyPair {
    std::string key;
    std::string certificate;
  };

  World();
  ~World() override;

  // What a machine is like; its next scan shows it.
  struct Machine {
    std::string id;
    std::string name;
    KeyPair identity;
    std::int64_t minlen = 12;
    std::vector<std::string> roots = {"root"};
    std::string shadowed;                 // why password_policy cannot be read; empty: it can
    std::vector<std::string> packages;    // none: the machine has no dpkg
    std::vector<evidence::Table> others;  // further tables
    std::int64_t sequence = 0;
    std::optional<evidence::Digest> previous;
  };

  Machine enroll(const std::string& name);
  // Its token, and that it was let in.
  static constexpr std::int64_t kActsOfEnrolling = 2;
  // A signed snapshot is accepted and judged, one hour after the last thing that happened.
  evidence::Digest scan(Machine& machine);
  void wait(std::chrono::seconds time) { now_ += time; }
  [[nodiscard]] std::int64_t seconds() const { return now_.time_since_epoch().count(); }
  [[nodiscard]] std::string time() const { return evidence::to_timestamp(now_); }
  // The rules change: "strict" asks for this length from now on.
  void set_strict_length(int length);
  // The controls are to be looked at so often: "monthly" …
  void set_frequency(const std::string& frequency);

  // The secret of a new person's token.
  std::string add_person(const std::string& name, Role role = Role::kAuditor,
                         std::optional<std::chrono::seconds> lifetime = std::nullopt);

  // The JSON at a target such as "/api/v1/hosts?q=web"; the test fails unless it is a 200.
  Json get(const std::string& target);
  ApiResponse answer(const std::string& target);
  int status(const std::string& target) { return answer(target).status; }
  ApiResponse post(const std::string& target, Role role, const std::string& body = {},
                   const std::string& type = "application/json");
  // The JSON of an operator's POST; the test fails unless it is a 200.
  Json change(const std::string& target, const Json& body);
  ApiResponse send(Method method, const std::string& target, const std::string& body,
                   const Person& person);
  // The message of a refusal.
  std::string refusal(const std::string& target);

  // A server over TLS, with a certificate for 127.0.0.1.
  ApiOptions server_options();

  std::string folder_;
  std::string asked_to_scan_;  // the host that was asked last
  std::string attending_;      // the only host that can be asked
  evidence::Seconds now_;
  bool keeps_differences_ = false;  // what is scanned is kept as what differs, where that pays
  std::unique_ptr<Store> store_;
  KeyPair ca_;
  std::unique_ptr<Evaluator> evaluator_;
  std::unique_ptr<ContentKeeper> keeper_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<Router> router_;

 private:
  KeyPair certify(int use, const std::string& name, const std::string& alternative_name);
  std::vector<std::pair<evidence::ManifestEntry, std::optional<StoredTable>>> look_at(
      const Machine& machine);
  void keep_as_what_differs(std::string_view bytes, NewSnapshot* snapshot,
                            std::vector<StoredTable>* tables);
  void judge_what_is_due();
  void use_content(std::shared_ptr<const checks::Content> content);
};

}  // namespace assay::collector::api
