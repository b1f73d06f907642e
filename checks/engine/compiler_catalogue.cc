// The compiler's part that reads catalogues: what a document asks, entry by entry.
#include <algorithm>

#include "checks/engine/compiler.h"
#include "evidence/timestamp.h"

namespace assay::checks {

namespace {

// One word of a closed list; `what` is what the word should have been.
void expect_known(const yaml::Value& value, const std::string& word, std::string_view what,
                  const std::vector<std::string>& known) {
  if (std::ranges::find(known, word) != known.end()) return;
  std::string problem = "\"" + word + "\" is no " + std::string(what);
  // Every letter is as near to every other: then all of the few are named.
  if (known.front().size() > 1) {
    problem += yaml::suggestion(word, known);
  } else {
    std::string all;
    for (const auto& each : known) all.append(all.empty() ? "" : ", ").append(each);
    problem += "; the known ones are " + all;
  }
  value.complain(problem);
}

// A list of such words, each once. An empty list would read as "nobody" and mean "everybody".
std::vector<std::string> known_words(const yaml::Value& list, std::string_view what,
                                     const std::vector<std::string>& known) {
  std::vector<std::string> words;
  const auto items = list.items();
  if (list.is_sequence() && items.empty())
    list.complain("an empty list limits nothing; leave it out");
  for (const auto& item : items) {
    auto word = item.text();
    expect_known(item, word, what, known);
    if (std::ranges::find(words, word) != words.end())
      item.complain("\"" + word + "\" is there twice");
    words.push_back(std::move(word));
  }
  return words;
}

Applicability read_applicability(const yaml::Value& value) {
  static const std::vector<std::string> kGrades(known_grades().begin(), known_grades().end());
  static const std::vector<std::string> kKinds = [] {
    std::vector<std::string> names;
    for (const auto& kind : known_kinds()) names.emplace_back(kind.name);
    return names;
  }();
  yaml::Mapping in(value);
  Applicability out;
  if (const auto grades = in.optional("grades"))
    out.grades = known_words(*grades, "grade", kGrades);
  if (const auto kinds = in.optional("kinds"))
    out.kinds = known_words(*kinds, "kind of organisation", kKinds);
  if (const auto profiles = in.optional("profiles"))
    out.profiles = known_words(*profiles, "profile", {"server", "pc"});
  if (const auto core = in.optional("core_only")) out.is_core_only = core->boolean();
  if (const auto grade = in.optional("by_grade")) out.is_by_grade = grade->boolean();
  if (const auto advanced = in.optional("advanced")) out.is_advanced = advanced->boolean();
  if (const auto basis = in.optional("basis")) out.basis = basis->translated();
  if (value.is_mapping() && out.is_empty())
    value.complain("applies_to limits nothing; leave it out");
  return out;
}

std::string read_day(const yaml::Value& value) {
  auto day = value.text();
  if (const auto date = evidence::from_date(day); !date) value.complain(date.error().message());
  return day;
}

std::vector<Deadline> read_deadlines(const yaml::Value& list) {
  std::vector<Deadline> deadlines;
  for (const auto& item : list.items()) {
    yaml::Mapping in(item);
    Deadline deadline;
    if (const auto who = in.required("for")) deadline.who = who->translated();
    if (const auto by = in.required("by")) deadline.by = read_day(*by);
    deadlines.push_back(std::move(deadline));
  }
  return deadlines;
}

}  // namespace

void Compiler::add_catalogue(yaml::Mapping& in) {
  Framework framework;
  if (const auto id = in.required("framework")) {
    framework.id = id->text();
    if (content_.framework(framework.id) != nullptr)
      id->complain("the framework " + framework.id + " exists already");
  }
  if (const auto edition = in.required("edition")) framework.edition = edition->text();
  if (const auto effective = in.optional("effective")) framework.effective = read_day(*effective);
  if (const auto title = in.required("title")) framework.title = title->translated();
  if (const auto source = in.required("source")) framework.source = source->translated();
  if (const auto count = in.required("controls_in_document"))
    framework.controls_in_document = count->integer();
  if (const auto parameters = in.optional("parameters")) add_parameters(*parameters, &framework);
  if (const auto controls = in.required("controls")) {
    for (const auto& item : controls->items()) add_control(item, &framework);
    if (framework.controls_in_document < static_cast<std::int64_t>(framework.controls.size()))
      controls->complain("more controls than controls_in_document says the document has");
  }
  content_.frameworks.push_back(std::move(framework));
}

void Compiler::add_control(const yaml::Value& value, Framework* framework) {
  yaml::Mapping in(value);
  Control control;
  if (const auto id = in.required("id")) control.id = id->text();
  if (framework->find(control.id) != nullptr)
    value.complain("the control " + control.id + " is there twice");
  if (const auto title = in.required("title")) control.title = title->translated();
  if (const auto gist = in.required("gist")) control.gist = gist->translated();
  if (const auto location = in.required("location")) control.location = location->translated();
  std::string mode_word;
  if (const auto mode = in.required("mode")) {
    mode_word = mode->text();
    expect_known(*mode, mode_word, "mode", {"automated", "partial", "manual"});
    if (mode_word == "automated") control.mode = Control::Mode::kAutomated;
    if (mode_word == "partial") control.mode = Control::Mode::kPartial;
  }
  if (const auto remains = in.optional("remains"))
    control.remains = remains->translated();
  else if (control.mode == Control::Mode::kPartial)
    value.complain("a partial control says what a person must still attest (remains)");
  if (const auto reason = in.optional("not_mapped"))
    control.not_mapped = reason->translated();
  else if (mode_word == "manual")
    value.complain("a manual control says why no check decides it (not_mapped)");
  if (const auto frequency = in.optional("frequency")) {
    control.frequency = frequency->text();
    expect_known(*frequency, control.frequency, "frequency",
                 {"monthly", "quarterly", "half-yearly", "yearly", "two-yearly", "regular"});
  }
  if (const auto applies_to = in.optional("applies_to"))
    control.applies_to = read_applicability(*applies_to);
  if (const auto effective = in.optional("effective")) control.effective = read_day(*effective);
  if (const auto deadlines = in.optional("deadlines"))
    control.deadlines = read_deadlines(*deadlines);
  framework->controls.push_back(std::move(control));
}

}  // namespace assay::checks
