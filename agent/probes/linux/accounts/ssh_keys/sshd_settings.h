// Where sshd takes keys from and what it demands of who logs in: the few words of
// /etc/ssh/sshd_config that the tables of this folder need, with Include and Match.
// One thread at a time per Host.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "evidence/result.h"

namespace assay::agent {

struct SshdWord {
  std::string name;   // lower case
  std::string value;  // the rest of the line, without outer quotes
  std::string path;
  std::int64_t line = 0;
  std::string match;  // the condition of the Match block that it stands in; empty: for all
};

class SshdSettings {
 public:
  // kNotFound when there is no sshd_config; an include that cannot be read is an Error too.
  [[nodiscard]] static Result<SshdSettings> read(Host& host);

  // The first line that holds for all decides; nullptr when there is none.
  [[nodiscard]] const SshdWord* global(std::string_view name) const;
  // The value that holds for all, in lower case; `otherwise` when it is not set.
  [[nodiscard]] std::string value(std::string_view name, std::string_view otherwise) const;
  // Lines of Match blocks.
  [[nodiscard]] std::vector<const SshdWord*> matched(std::string_view name) const;

 private:
  struct Reading;
  std::vector<SshdWord> words_;
};

// The words of a value; "…" keeps blanks together.
[[nodiscard]] std::vector<std::string> sshd_arguments(std::string_view value);

}  // namespace assay::agent
