// A database for judging that stays open from host to host: a table that the next host shares is
// not loaded again, which is what most of a judgement costs.
//
// Belongs to one thread at a time.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "checks/engine/content.h"
#include "checks/engine/database.h"
#include "checks/engine/plan.h"

namespace assay::checks {

class Workbench {
 public:
  // The table under `name` is the one of `digest` afterwards; `load` is called when it is another.
  [[nodiscard]] Status put(
      const std::string& name, const std::string& digest,
      const std::function<Result<std::shared_ptr<const evidence::Table>>()>& load);
  // The one row of the table `parameters`.
  [[nodiscard]] Status set_parameters(const evidence::Header& header,
                                      const ParameterValues& values);
  // Only after a successful put().
  [[nodiscard]] Database& database() { return *database_; }

 private:
  struct Loaded {
    std::string digest;   // empty: nothing that may be used
    std::string columns;  // as it was created; agents of another version have others
    bool is_indexed = false;
  };
  Status open();
  // The table is there, has these columns and no row.
  Status clear(const evidence::Header& header, Loaded* loaded);
  Status index(const evidence::Table& table);

  std::optional<Database> database_;
  std::map<std::string, Loaded> tables_;
  std::optional<ParameterValues> parameters_;  // what is set
};

}  // namespace assay::checks
