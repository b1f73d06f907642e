#include "cli/audit/act_audit.h"

#include <algorithm>
#include <utility>

#include "evidence/refusal.h"

namespace assay::cli {
namespace {

using Outcome = evidence::Verification::Outcome;

constexpr std::size_t kTextsAtOnce = 100;

const Text kActs{"acts of people and of the collector", "人員與伺服器的作業"};
const Text kEndless{"the collector's list of them does not end", "收集伺服器的清單沒有結尾"};

Text subject_of(std::int64_t number) {
  return phrase({"act {}", "第 {} 項作業"}, number);
}

}  // namespace

void ActAudit::stop(Text why) {
  is_read_ = is_stopped_ = true;
  lines_.add_bad(kActs, std::move(why));
}

Status ActAudit::read_page() {
  const auto answer =
      remote_.get({"acts"}, {{"limit", std::to_string(kTextsAtOnce)}, {"cursor", cursor_}});
  if (!answer) {
    if (is_of_the_way(answer.error())) return fail(answer.error());
    is_read_ = true;
    has_texts_ = answer.error().code() != Code::kNotFound || shown_ > 0;
    if (has_texts_) stop(answer.error().text());
    return {};
  }
  const auto items = answer->is_object() ? answer->find("items") : answer->end();
  if (items == answer->end() || !items->is_array() || items->size() > kTextsAtOnce) {
    stop({"the collector's answer is not the list that was asked for",
          "收集伺服器的回覆並非所要求的清單"});
    return {};
  }
  for (const auto& item : *items) {
    auto text = act_text_from(item);
    if (!text) {
      stop(text.error().text());
      return {};
    }
    if (text->act.number <= shown_) {
      stop(phrase({"the collector shows number {} behind number {}",
                   "收集伺服器在第 {1} 項之後列出第 {0} 項"},
                  text->act.number, shown_));
      return {};
    }
    shown_ = text->act.number;
    page_.push_back(std::move(*text));
  }
  const auto next = answer->find("next");
  is_read_ = next == answer->end() || !next->is_string();
  if (is_read_) return {};
  // Each page goes on to higher numbers, so that none comes again.
  if (items->empty()) stop(kEndless);
  cursor_ = next->get<std::string>();
  return {};
}

Result<const ActText*> ActAudit::next() {
  if (page_.empty() && !is_read_)
    if (auto read = read_page(); !read) return fail(read.error());
  return page_.empty() ? nullptr : &page_.front();
}

Status ActAudit::take(const evidence::LedgerEntry& entry, std::int64_t index) {
  ++logged_;
  if (entry.sequence != last_ + 1) {
    is_in_order_ = false;
    is_stopped_ = true;  // which text belongs to which entry is not known any more
    lines_.add_bad(subject_of(entry.sequence),
                   phrase({"number {} would come next", "依序應為第 {} 項"}, last_ + 1));
  }
  last_ = std::max(last_, entry.sequence);
  if (!is_in_order_) return {};
  const auto text = next();
  if (!text) return fail(text.error());
  if (*text != nullptr && (*text)->act.number == entry.sequence) {
    compare(**text, entry, index);
    page_.pop_front();
  } else if (has_texts_ && (*text != nullptr || !is_stopped_)) {
    ++missing_;
    lines_.add_bad(subject_of(entry.sequence), {"the ledger has it, the collector does not show it",
                                                "帳本有此筆紀錄，但收集伺服器未提供"});
  }
  return {};
}

void ActAudit::compare(const ActText& shown, const evidence::LedgerEntry& entry,
                       std::int64_t index) {
  ++compared_;
  const auto name = name_of(shown.act);
  const auto subject = subject_of(entry.sequence);
  if (evidence::sha256(evidence::to_text(shown.act)) != entry.digest) {
    lines_.add_bad(
        subject,
        shown.act.details.empty()
            ? phrase({"{}: what it put on record is gone", "{}：所登錄的內容已不存在"}, name)
            : phrase({"{}: the collector shows another text than was logged",
                      "{}：收集伺服器提供的內容，與帳本登載的不同"},
                     name));
  } else if (shown.act.at != entry.accepted) {
    lines_.add_bad(subject, phrase({"{}: it was logged with another time, {}",
                                    "{}：帳本登載的時間不同，為 {}"},
                                   name, evidence::to_timestamp(entry.accepted)));
  } else if (shown.index != index) {
    lines_.add_bad(subject,
                   phrase({"{}: it is entry {} of the ledger, the collector says otherwise",
                           "{}：在帳本中為第 {} 筆，收集伺服器所示不符"},
                          name, index));
  } else {
    return;
  }
  ++bad_;
}

Status ActAudit::finish(bool is_whole) {
  if (is_whole)
    if (auto read = read_unlogged(); !read) return read;
  tell();
  return {};
}

Status ActAudit::read_unlogged() {
  while (!is_stopped_) {
    const auto text = next();
    if (!text) return fail(text.error());
    if (*text == nullptr) break;
    const auto expected = last_ + unlogged_ + 1;
    if ((*text)->act.number != expected) {
      stop(phrase({"the collector does not show number {}, but number {}",
                   "收集伺服器未列出第 {} 項，卻有第 {} 項"},
                  expected, (*text)->act.number));
    } else if (++unlogged_ > kMostUnloggedActs) {
      stop(kEndless);
    }
    page_.pop_front();
  }
  return {};
}

void ActAudit::tell() {
  if (logged_ > 0 && is_in_order_)
    lines_.add(Outcome::kGood, kActs,
               phrase({"{} are in the ledger, one after another", "帳本依序登載 {} 項"}, logged_));
  if (compared_ > bad_)
    lines_.add(Outcome::kGood, kActs,
               phrase({"{} of {}: the collector shows the text that was logged",
                       "{} 項（共 {} 項）的內容與帳本登載的相同"},
                      compared_ - bad_, logged_));
  if (!has_texts_ && logged_ > 0)
    lines_.add(Outcome::kNotChecked, kActs,
               {"their texts were not compared: the collector shows none, it is an older one",
                "未比對內容：收集伺服器未提供，其版本較舊"});
  else if (compared_ + missing_ < logged_)
    lines_.add(Outcome::kNotChecked, kActs,
               phrase({"the texts of {} of {} were not compared", "{} 項（共 {} 項）未比對內容"},
                      logged_ - compared_ - missing_, logged_));
  if (unlogged_ > 0)
    lines_.add(Outcome::kNotChecked, kActs,
               phrase({"{} are not in the ledger yet, from number {} on: nothing vouches for them",
                       "{} 項尚未登載於帳本（自第 {} 項起），無從查驗"},
                      unlogged_, last_ + 1));
}

}  // namespace assay::cli
