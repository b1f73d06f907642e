// Turns YAML files into Content and says everything that is wrong with them.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "checks/engine/content.h"
#include "checks/engine/database.h"
#include "checks/yaml/strict_yaml.h"

namespace assay::checks {

class Compiler {
 public:
  Compiler() = default;
  // Further files are added to what `base` has.
  explicit Compiler(Content base) : content_(std::move(base)) {}

  // One file: a list of checks, a catalogue (`framework:`), a reference table (`table:`), SQL that
  // several checks share (`fragments:`) or tables that they share (`derived:`).
  void add(std::string_view text, std::string_view file);

  // Joins what was added: ids, mappings, parameters, and every query prepared against the
  // declared tables. kConfiguration with all problems, one per line.
  [[nodiscard]] Result<Content> finish() &&;

  // The base as it was given; only before anything was added.
  [[nodiscard]] Content take() && { return std::move(content_); }

 private:
  void add_check(const yaml::Value& value);
  void add_mapping(const yaml::Value& value, Check* check);
  void add_catalogue(yaml::Mapping& file);
  void add_control(const yaml::Value& value, Framework* framework);
  void add_parameters(const yaml::Value& value, Framework* framework);
  void add_reference(yaml::Mapping& file);
  void add_parameter_specs(const yaml::Value& rows);
  void add_fragments(const yaml::Value& value);
  void add_derived(const yaml::Value& value);
  // Puts the fragments into what was added, and learns what it reads.
  void link_derived(Database& database);
  // Puts the fragments into the check's SQL.
  void expand(Check& check);
  [[nodiscard]] std::string expanded(const std::string& sql,
                                     const std::function<void(std::string_view)>& complain) const;
  // After that, the check's digest is final.
  void link(Check& check, Database& database);
  void link_mapping(const Check& check, const Mapping& mapping);
  // At the line where `sql` begins; at the check's own without one.
  void complain(const Check& check, std::string_view what, const std::string& sql = {});

  Content content_;
  yaml::Problems problems_;
  std::set<std::string> new_checks_;
  std::map<std::pair<std::string, std::string>, int> sql_lines_;  // by check and text
  std::map<std::string, std::string> fragments_;                  // SQL by name
  std::map<std::string, yaml::Value> new_derived_;                // the query's place, by name
};

// eol_cycles in which a later row of the same product and cycle has replaced an earlier one: that
// is how a company's own file refreshes what is shipped.
[[nodiscard]] evidence::Table latest_cycles(const evidence::Table& table);

// Over everything of a check that decides its verdict; its fragments are put in, and its derived
// tables are those of `content`.
[[nodiscard]] evidence::Digest digest_of(const Check& check, const Content& content);
[[nodiscard]] evidence::Digest digest_of(const DerivedTable& derived);

// A database with every declared table and the content's parameters and derived tables, all empty:
// what SQL can be prepared against.
[[nodiscard]] Result<Database> schema_database(const Content& content);

// What the SQL of a check reads, sorted.
struct CheckReads {
  std::vector<std::string> applies_tables;  // to tell whether it applies
  std::vector<std::string> tables;          // for that, the query and the facts
  std::vector<std::string> parameters;
  std::vector<std::string> derived;
  // Of the query's answer; nullopt: it could not be prepared.
  std::optional<std::vector<std::string>> columns;
  bool is_sound = true;  // each statement could be prepared
};
// `complain` is told the words for a statement that cannot be prepared, and the statement.
[[nodiscard]] CheckReads reads_of(
    const Check& check, const Content& content, Database& database,
    const std::function<void(const std::string& what, const std::string& sql)>& complain);

// What a derived table's query reads, sorted. kConfiguration when it cannot be prepared, answers
// with other columns than the header's, or reads what it may not: parameters or a derived table.
[[nodiscard]] Result<std::vector<std::string>> reads_of(const DerivedTable& derived,
                                                        const Content& content, Database& database);

// The declaration of a parameter as a column of the table `parameters`.
[[nodiscard]] evidence::Header parameters_header(const Content& content);

}  // namespace assay::checks
