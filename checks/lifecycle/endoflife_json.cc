#include "checks/lifecycle/endoflife_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "evidence/timestamp.h"

namespace assay::checks::lifecycle {

namespace {

using Json = nlohmann::json;

constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxText = 200;

std::unexpected<Error> wrong(const std::string& place, const std::string& what) {
  return fail(Code::kInvalidData, place + ": " + what);
}

// A value of an object under its key; null and absent are the same.
const Json* member(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

Result<std::string> text_of(const Json& object, const char* key, const std::string& place) {
  const auto* value = member(object, key);
  if (value == nullptr) return std::string();
  if (!value->is_string()) return wrong(place + "." + key, "text is expected");
  const auto& text = value->get_ref<const std::string&>();
  if (text.size() > kMaxText)
    return wrong(place + "." + key, "longer than " + std::to_string(kMaxText) + " bytes");
  return text;
}

Result<std::string> day_of(const Json& object, const char* key, const std::string& place) {
  auto text = text_of(object, key, place);
  if (!text || text->empty()) return text;
  if (!evidence::from_date(*text))
    return wrong(place + "." + key, "a day (YYYY-MM-DD) is expected, not \"" + *text + "\"");
  return text;
}

Result<std::optional<bool>> flag_of(const Json& object, const char* key, const std::string& place) {
  const auto* value = member(object, key);
  if (value == nullptr) return std::optional<bool>();
  if (!value->is_boolean()) return wrong(place + "." + key, "true or false is expected");
  return std::optional<bool>(value->get<bool>());
}

// `latest` is {"name": …} in the API, and plain text in files made from the source's own data.
Result<std::string> latest_of(const Json& release, const std::string& place) {
  const auto* latest = member(release, "latest");
  if (latest != nullptr && latest->is_object()) return text_of(*latest, "name", place + ".latest");
  return text_of(release, "latest", place);
}

// "Resolute Raccoon" → "resolute".
std::string codename_of(const std::string& text) {
  std::string word = text.substr(0, text.find(' '));
  for (char& c : word)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return word;
}

Status read_days(const Json& release, const std::string& place, Cycle* cycle) {
  const std::pair<const char*, std::string*> days[] = {{"releaseDate", &cycle->released},
                                                       {"eoasFrom", &cycle->support_until},
                                                       {"eolFrom", &cycle->security_until},
                                                       {"eoesFrom", &cycle->extended_until}};
  for (const auto& [key, day] : days) {
    auto read = day_of(release, key, place);
    if (!read) return fail(read.error());
    *day = std::move(*read);
  }
  return {};
}

Status read_release(const Json& release, const std::string& place, Product* product,
                    std::vector<Omission>* omissions) {
  if (!release.is_object()) return wrong(place, "an object is expected");
  Cycle cycle;
  auto name = text_of(release, "name", place);
  auto codename = text_of(release, "codename", place);
  auto latest = latest_of(release, place);
  const auto has_ended = flag_of(release, "isEol", place);
  const auto has_extension = flag_of(release, "isEoes", place);
  for (const auto* text : {&name, &codename, &latest})
    if (!*text) return fail(text->error());
  for (const auto* flag : {&has_ended, &has_extension})
    if (!*flag) return fail(flag->error());
  if (!is_name(*name)) return wrong(place + ".name", "a cycle's name is expected");
  cycle.name = std::move(*name);
  cycle.latest = std::move(*latest);
  if (product->is_system) cycle.codename = codename_of(*codename);
  if (auto read = read_days(release, place, &cycle); !read) return read;
  const auto leave_out = [&](Why why) { omissions->push_back({product->name, cycle.name, why}); };
  if (cycle.security_until.empty() && has_ended->value_or(true)) {
    leave_out(*has_ended ? Why::kEndedWithoutDay : Why::kNothingSaid);
    return {};
  }
  // isEoes false without a day: an extension that nobody has said the end of.
  if (*has_extension && !**has_extension && cycle.extended_until.empty())
    leave_out(Why::kExtensionWithoutDay);
  product->cycles.push_back(std::move(cycle));
  return {};
}

Status read_product(const Json& in, const std::string& place, Cycles* cycles) {
  if (!in.is_object()) return wrong(place, "an object is expected");
  Product product;
  auto name = text_of(in, "name", place);
  auto label = text_of(in, "label", place);
  const auto category = text_of(in, "category", place);
  for (const auto* text : {&name, &label})
    if (!*text) return fail(text->error());
  if (!category) return fail(category.error());
  if (!is_name(*name)) return wrong(place + ".name", "a product's name is expected");
  product.name = std::move(*name);
  product.label = label->empty() ? product.name : std::move(*label);
  product.is_system = *category == "os";
  const auto* releases = member(in, "releases");
  if (releases == nullptr || !releases->is_array())
    return wrong(place + ".releases",
                 "a list is expected (/products/full and /products/NAME have it)");
  if (releases->size() > kMaxCyclesOfProduct)
    return fail(Code::kTooLarge,
                place + ".releases: more than " + std::to_string(kMaxCyclesOfProduct));
  for (std::size_t i = 0; i < releases->size(); ++i)
    if (auto read = read_release((*releases)[i], place + ".releases[" + std::to_string(i) + "]",
                                 &product, &cycles->omissions);
        !read)
      return read;
  cycles->products.push_back(std::move(product));
  return {};
}

// The parser's own message ends with where it is: "parse error at line 3, column 7: …".
Result<Json> parse(std::string_view text) {
  bool is_deep = false;
  const auto too_deep = [] {
    return fail(Code::kTooLarge, "nested deeper than " + std::to_string(kMaxDepth) + " levels");
  };
  const auto bound = [&](int depth, Json::parse_event_t, Json&) {
    is_deep = is_deep || depth > kMaxDepth;
    return !is_deep;
  };
  try {
    auto json = Json::parse(text, bound);
    if (is_deep) return too_deep();
    return json;
  } catch (const Json::exception& error) {
    if (is_deep) return too_deep();
    const std::string_view what = error.what();
    const auto bracket = what.find("] ");  // after the library's own error number
    return fail(Code::kInvalidData,
                std::string(what.substr(bracket == std::string_view::npos ? 0 : bracket + 2)));
  }
}

}  // namespace

Result<Cycles> parse_endoflife(std::string_view text) {
  if (text.size() > kMaxAnswerBytes)
    return fail(Code::kTooLarge, "larger than " + std::to_string(kMaxAnswerBytes) + " bytes");
  const auto json = parse(text);
  if (!json) return fail(json.error());
  if (json->is_array())
    return fail(Code::kNotSupported,
                "an answer of the API's version 0, which does not name its product; fetch "
                "/api/v1/products/full or /api/v1/products/NAME");
  const auto* result = json->is_object() ? member(*json, "result") : nullptr;
  if (result == nullptr) return wrong("result", "the answer has none");
  Cycles cycles;
  cycles.source = "endoflife.date";
  const auto generated = text_of(*json, "generated_at", "answer");
  if (!generated) return fail(generated.error());
  if (!generated->empty()) {
    cycles.retrieved = generated->substr(0, 10);
    if (!evidence::from_date(cycles.retrieved))
      return wrong("generated_at", "a time is expected, not \"" + *generated + "\"");
  }
  if (result->is_object()) {
    if (auto read = read_product(*result, "result", &cycles); !read) return fail(read.error());
  } else if (result->is_array()) {
    if (result->size() > kMaxProducts)
      return fail(Code::kTooLarge, "result: more than " + std::to_string(kMaxProducts));
    for (std::size_t i = 0; i < result->size(); ++i)
      if (auto read = read_product((*result)[i], "result[" + std::to_string(i) + "]", &cycles);
          !read)
        return fail(read.error());
  } else {
    return wrong("result", "a product or a list of products is expected");
  }
  uncover(&cycles);
  return cycles;
}

}  // namespace assay::checks::lifecycle
