#include "checks/bundle/content_check.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "checks/engine/compiler.h"
#include "checks/engine/database.h"
#include "checks/yaml/strict_yaml.h"
#include "evidence/schema.h"
#include "evidence/timestamp.h"

namespace assay::checks {

namespace {

// More are not told: whoever made the file looks at it with lint.
constexpr std::size_t kMaxProblems = 100;
constexpr std::int64_t kMaxAgeDays = 3650;

template <typename Word>
bool is_known(Word word, Word last) {
  return word >= Word{} && word <= last;
}

class Checker {
 public:
  explicit Checker(const Content& content) : content_(content) {}

  Status run() {
    for (const auto& framework : content_.frameworks) check(framework);
    in_order(content_.checks, &Check::id, "the check ");
    in_order(content_.frameworks, &Framework::id, "the framework ");
    in_order(content_.parameters, &ParameterSpec::name, "the parameter ");
    for (const auto& [name, reference] : content_.references) check(name, reference);
    auto database = schema_database(content_);
    if (!database) return fail(database.error());
    for (const auto& [name, derived] : content_.derived) check(name, derived, *database);
    for (const auto& rule : content_.checks) {
      if (problems_.all().size() >= kMaxProblems) break;
      check(rule, *database);
    }
    if (!problems_.empty()) return fail(problems_.to_error());
    return {};
  }

 private:
  // Not only twice: they are looked for by halves.
  template <typename List, typename Name>
  void in_order(const List& list, Name name, const std::string& what) {
    for (std::size_t i = 1; i < list.size(); ++i) {
      const std::string& before = list[i - 1].*name;
      const std::string& here = list[i].*name;
      if (before < here) continue;
      problems_.add("content", 1,
                    what + "\"" + here + "\" " +
                        (before == here ? "is there twice" : "does not stand in its order"));
    }
  }

  void check(const Framework& framework) {
    std::set<std::string> seen;
    for (const auto& control : framework.controls) {
      if (!seen.insert(control.id).second)
        problems_.add(framework.id, 1, "the control \"" + control.id + "\" is there twice");
      if (!is_known(control.mode, Control::Mode::kManual))
        problems_.add(framework.id, 1, "the control \"" + control.id + "\" has no known mode");
    }
    for (const auto& [profile, names] : framework.parameters)
      for (const auto& [name, value] : names)
        if (std::ranges::find(content_.parameters, name, &ParameterSpec::name) ==
            content_.parameters.end())
          problems_.add(framework.id, 1, "unknown parameter \"" + name + "\"");
  }

  void check(const std::string& name, const ReferenceTable& reference) {
    const auto* spec = evidence::find_table(name);
    if (spec == nullptr || spec->origin != evidence::Origin::kReference)
      problems_.add(name, 1, "this version of Assay has no such reference table");
    else if (reference.table->header() != evidence::header_of(*spec))
      problems_.add(name, 1, "its columns are not those of this version of Assay");
    const bool is_age = reference.max_age_days >= 0 && reference.max_age_days <= kMaxAgeDays;
    if (!is_age || !evidence::from_date(reference.retrieved))
      problems_.add(name, 1, "the day of its data, or how long it is good for, is none");
  }

  void check(const std::string& name, const DerivedTable& derived, Database& database) {
    if (name != derived.header.table || evidence::find_table(name) != nullptr)
      problems_.add(name, 1, "a derived table has a name of its own");
    if (digest_of(derived) != derived.digest)
      problems_.add(name, 1, "its digest is not that of its query");
    if (const auto reads = reads_of(derived, content_, database); !reads)
      problems_.add(name, 1, reads.error().message());
    else if (*reads != derived.tables)
      problems_.add(name, 1, "it reads other tables than it says");
  }

  void complain(const Check& rule, const std::string& what) {
    const auto colon = rule.origin.rfind(':');
    int line = 1;
    if (colon != std::string::npos)
      (void)std::from_chars(rule.origin.data() + colon + 1, rule.origin.data() + rule.origin.size(),
                            line);  // else it stays 1
    problems_.add(colon == std::string::npos ? "content" : rule.origin.substr(0, colon), line,
                  rule.id + ": " + what);
  }

  void check_sql(const Check& rule, Database& database) {
    const auto reads =
        reads_of(rule, content_, database,
                 [&](const std::string& what, const std::string&) { complain(rule, what); });
    if (!reads.is_sound) return;
    const bool is_as_told = reads.applies_tables == rule.applies_tables &&
                            reads.tables == rule.tables && reads.parameters == rule.parameters &&
                            reads.derived == rule.derived;
    if (!is_as_told) complain(rule, "it reads other tables or parameters than it says");
    if (reads.tables.empty()) complain(rule, "the query reads no table");
    for (const auto& key : rule.key)
      if (std::ranges::find(*reads.columns, key) == reads.columns->end())
        complain(rule, "the key \"" + key + "\" is no column of the query");
  }

  void check(const Check& rule, Database& database) {
    if (!is_known(rule.severity, Severity::kCritical)) complain(rule, "its severity is none");
    for (const auto& profile : rule.profiles)
      if (profile != "server" && profile != "pc")
        complain(rule, "\"" + profile + "\" is no profile");
    for (const auto& mapping : rule.mappings) {
      const auto* framework = content_.framework(mapping.framework);
      if (framework == nullptr)
        complain(rule, "unknown framework \"" + mapping.framework + "\"");
      else if (framework->find(mapping.control) == nullptr)
        complain(rule, "the catalogue " + mapping.framework + " has no control \"" +
                           mapping.control + "\"");
      if (!is_known(mapping.proves, Proves::kFull))
        complain(rule, "how much it proves of a control is not known");
    }
    if (digest_of(rule, content_) != rule.digest)
      complain(rule, "its digest is not that of its queries");
    if (rule.query.empty())
      complain(rule, "it has no query");
    else
      check_sql(rule, database);
  }

  const Content& content_;
  yaml::Problems problems_;
};

}  // namespace

Status check_compiled(const Content& content) {
  return Checker(content).run();
}

}  // namespace assay::checks
