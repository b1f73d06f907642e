// A database for judging that stays open from host to host: a table that the next host shares is
// not loaded again, and what is asked of every host is prepared once.
//
// Belongs to one thread at a time.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checks/engine/content.h"
#include "checks/engine/database.h"
#include "checks/engine/evaluation.h"
#include "checks/engine/plan.h"

namespace assay::checks {

class Workbench {
 public:
  // kOneHost: the statements are not kept, for there is nobody to ask them again of.
  enum class For { kManyHosts, kOneHost };
  explicit Workbench(For hosts = For::kManyHosts) : keeps_statements_(hosts == For::kManyHosts) {}

  // The table under `name` is the one of `digest` afterwards; `load` is called when it is another.
  [[nodiscard]] Status put(
      const std::string& name, const std::string& digest,
      const std::function<Result<std::shared_ptr<const evidence::Table>>()>& load);
  [[nodiscard]] bool shows(const std::string& name, const std::string& digest) const;
  // The one row of the table `parameters`.
  [[nodiscard]] Status set_parameters(const evidence::Header& header,
                                      const ParameterValues& values);
  // The keys of a group's results over tables of this digest; made once for all hosts with these.
  [[nodiscard]] const std::vector<evidence::Digest>& keys(const Plan& plan,
                                                          const Plan::Group& group,
                                                          const evidence::Digest& tables);

  // What all hosts see on a day in the clock and in reference data of this content: what was noted
  // under a table's name. Another content or day begins with nothing.
  [[nodiscard]] std::map<std::string, TableSource::Entry, std::less<>>& seen_by_all(
      const evidence::Digest& content, std::string_view today);

  // Only after a successful put().
  [[nodiscard]] Database& database() { return *database_; }

 private:
  Status open();

  struct Keys {
    evidence::Digest group;  // its identity
    std::vector<evidence::Digest> keys;
  };
  const bool keeps_statements_;
  std::pair<evidence::Digest, std::string> seen_of_;  // content and day
  std::map<std::string, TableSource::Entry, std::less<>> seen_;
  std::optional<Database> database_;
  std::map<std::string, std::string> digests_;       // of what is shown, by the table's name
  std::optional<ParameterValues> parameters_;        // what is set
  std::optional<evidence::Header> header_;           // of the table that holds them
  std::unordered_map<evidence::Digest, Keys> keys_;  // by the digest of the tables
};

}  // namespace assay::checks
