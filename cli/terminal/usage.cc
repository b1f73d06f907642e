#include "cli/terminal/usage.h"

#include <optional>

#include "cli/terminal/refusal.h"

namespace assay::cli {

namespace {

struct Halves {
  std::string_view before;
  std::string_view after;
};

std::optional<Halves> split(std::string_view text, std::string_view middle) {
  const auto at = text.find(middle);
  if (at == std::string_view::npos) return std::nullopt;
  return Halves{text.substr(0, at), text.substr(at + middle.size())};
}

Text required(std::string_view message) {
  if (message == "A subcommand is required")
    return phrase({"A subcommand is required", "請指定子命令"});
  const auto name = split(message, " is required");
  if (name && name->after.empty()) return phrase({"{} is required", "缺少必要的 {}"}, name->before);
  return phrase({"{}", "缺少必要的選項（{}）"}, message);
}

Text not_allowed(std::string_view message) {
  const auto option = split(message, ": ");
  const auto value = option ? split(option->after, " not in ") : std::nullopt;
  if (value)
    return phrase({"{}: {} not in {}", "{}：「{}」不在 {} 之中"}, option->before, value->before,
                  value->after);
  return phrase({"{}", "不接受這個值（{}）"}, message);
}

}  // namespace

Text usage_words(std::string_view kind, std::string_view message) {
  if (kind == "RequiredError") return required(message);
  if (kind == "ValidationError") return not_allowed(message);
  // Its kind may be the name of the subcommand.
  if (message.starts_with("The following argument"))
    if (const auto extra = split(message, " not expected: "))
      return phrase({"{} not expected: {}", "{0}無法辨識的引數：{1}"},
                    Text{std::string(extra->before), ""}, extra->after);
  if (kind == "ExcludesError")
    if (const auto both = split(message, " excludes "))
      return phrase({"{} excludes {}", "{} 不能與 {} 同時使用"}, both->before, both->after);
  if (kind == "RequiresError")
    if (const auto both = split(message, " requires "))
      return phrase({"{} requires {}", "使用 {} 時須一併指定 {}"}, both->before, both->after);
  if (kind == "ArgumentMismatch")
    if (const auto option = split(message, ": "); option && option->after.ends_with(" missing"))
      return phrase({"{}: {}", "{}：缺少值{}"}, option->before,
                    Text{std::string(option->after), ""});
  if (kind == "ConversionError")
    if (const auto value = split(message, ": "); value && value->before == "Could not convert")
      if (const auto option = split(value->after, " = "))
        return phrase({"Could not convert: {} = {}", "{}：無法接受「{}」"}, option->before,
                      option->after);
  return phrase({"{}", "輸入的內容有誤（{}）"}, message);
}

Text usage_report(std::string_view kind, std::string_view message) {
  return phrase({"{}\nRun with --help for more information.\n", "{}\n加上 --help 可查看說明。\n"},
                usage_words(kind, message));
}

}  // namespace assay::cli
