#include "cli/views/control_details.h"

#include "cli/terminal/words.h"

namespace assay::cli {

namespace {

constexpr std::size_t kIndent = 4;

void line(const Text& label, const std::string& text, Colour colour, Language language,
          PageWriter* page) {
  if (!text.empty()) page->paragraph(label.in(language) + text, kIndent, colour);
}

void write(const Json& control, Language language, PageWriter* page) {
  const auto state = text_at(control, "state");
  page->title(text_at(control, "framework") + " (" + text_at(control, "edition") + ") " +
              text_at(control, "id") + "  " + words_at(control, "title", language));
  page->paragraph(words_at(control, "gist", language));
  page->paragraph(state_word(state, language), kIndent, state_colour(state));
  const auto say = [&](const Text& label, const std::string& text, Colour colour) {
    line(label, text, colour, language, page);
  };
  // Why it is not asked stands among the circumstances.
  if (words_at(control, "not_addressed", language).empty())
    say({"Reason: ", "原因："}, text_at(control, "reason"), Colour::kPlain);
  say({"Decided: ", "判定方式："}, mode_word(text_at(control, "mode"), language), Colour::kPlain);
  say({"Checks: ", "檢查："}, joined(array_at(control, "checks")), Colour::kPlain);
  say({"A person attests: ", "須由人員確認："}, words_at(control, "remains", language),
      Colour::kYellow);
  say({"Why no check decides it: ", "無檢查判定之原因："},
      words_at(control, "not_mapped", language), Colour::kYellow);
  write_circumstances(control, language, page);
}

}  // namespace

void write_circumstances(const Json& control, Language language, PageWriter* page) {
  page->paragraph(words_at(control, "location", language), kIndent, Colour::kDim);
  const auto say = [&](const Text& label, const std::string& text) {
    line(label, text, Colour::kDim, language, page);
  };
  say({"Applies to: ", "適用對象："},
      words_at(object_at(control, "applies_to"), "words", language));
  say({"Not asked here: ", "此處不適用："}, words_at(control, "not_addressed", language));
  say({"How often: ", "頻率："}, frequency_word(text_at(control, "frequency"), language));
  say({"In force since: ", "生效日："}, text_at(control, "effective"));
  for (const auto& deadline : array_at(control, "deadlines"))
    say({"To be done by: ", "完成期限："}, text_at(deadline, "by") + Text{" (", "（"}.in(language) +
                                               words_at(deadline, "for", language) +
                                               Text{")", "）"}.in(language));
}

Answer control_details_view(Json items, Language language) {
  const bool is_empty = items.empty();
  Json shown = items;
  auto answer = controls_view(std::move(items), language);
  if (is_empty) return answer;
  answer.text = [shown = std::move(shown)](const Screen& screen) {
    PageWriter page(screen);
    for (const auto& control : shown) write(control, screen.language, &page);
    return std::move(page).take();
  };
  return answer;
}

}  // namespace assay::cli
