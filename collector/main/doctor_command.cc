#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "collector/main/commands.h"
#include "collector/main/doctor.h"
#include "collector/main/state.h"
#include "collector/main/terminal_text.h"

namespace assay::collector {
namespace {

const Text kKinds[] = {{"good", "正常"}, {"warning", "注意"}, {"trouble", "異常"}};
const Text kTrouble{"something is wrong: see the lines marked trouble",
                    "有異常項目，請見標示「異常」的各行"};

void print_json(const std::vector<Symptom>& symptoms) {
  auto all = nlohmann::ordered_json::array();
  for (const auto& symptom : symptoms)
    all.push_back({{"subject", symptom.subject},
                   {"kind", name_of(symptom.kind)},
                   {"said", {{"en", symptom.said.en}, {"zh-TW", symptom.said.zh_tw}}}});
  fmt::print("{}\n", all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

void print_lines(const std::vector<Symptom>& symptoms, Language language) {
  const auto padded = [](const std::string& text, std::size_t width) {
    const auto own = width_of(text);
    return text + std::string(own < width ? width - own : 1, ' ');
  };
  for (const auto& symptom : symptoms)
    fmt::print("{}{}{}\n", padded(kKinds[static_cast<std::size_t>(symptom.kind)].in(language), 9),
               padded(symptom.subject, 11), harmless(symptom.said.in(language)));
}

}  // namespace

Status run_doctor(const CommonOptions& common, bool is_deep) {
  const auto symptoms = examine(common.state, system_now(), {is_deep});
  if (common.is_json)
    print_json(symptoms);
  else
    print_lines(symptoms, common.language);
  if (std::ranges::find(symptoms, Symptom::Kind::kTrouble, &Symptom::kind) != symptoms.end())
    return fail(Code::kUnavailable, kTrouble);
  return {};
}

}  // namespace assay::collector
