// What a program looks for in a line of the log (which host, who, from where), beside the words for
// people. Said for the lines that this thread writes while the object lives; lines in plain text
// have it in their words, lines in JSON as fields of their own (json_lines.h).
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::collector {

class LogFields {
 public:
  using Field = std::pair<std::string_view, std::string>;  // the name outlives it

  LogFields(std::initializer_list<Field> fields);
  ~LogFields();
  LogFields(const LogFields&) = delete;
  LogFields& operator=(const LogFields&) = delete;

  // Of this thread, the innermost that live; nullptr when there are none.
  [[nodiscard]] static const std::vector<Field>* current();

 private:
  const std::vector<Field> fields_;
  const LogFields* const outer_;
};

}  // namespace assay::collector
