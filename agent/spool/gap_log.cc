#include "agent/spool/gap_log.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace assay::agent {

namespace {

// Kept in memory while nothing can be written.
constexpr std::size_t kMaxUnwritten = 64;

std::string line_of(const Gap& gap) {
  nlohmann::ordered_json json;
  if (gap.since) json["at"] = evidence::to_timestamp(*gap.since);
  if (gap.until && gap.until != gap.since) json["until"] = evidence::to_timestamp(*gap.until);
  json["kind"] = gap.kind;
  json["detail"] = gap.detail;
  if (gap.count != 1) json["count"] = gap.count;
  return json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string text_in(const nlohmann::json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<evidence::Seconds> time_in(const nlohmann::json& json, const char* key) {
  const auto time = evidence::from_timestamp(text_in(json, key));
  return time ? std::optional(*time) : std::nullopt;
}

Gap gap_of(std::string_view line, std::size_t number) {
  const auto json = nlohmann::json::parse(line, nullptr, false);
  const auto kind = json.is_object() ? text_in(json, "kind") : std::string();
  if (kind.empty())
    return {std::nullopt, std::nullopt, std::string(kUnreadableGap),
            "line " + std::to_string(number) + " of the gap log cannot be understood", 1};
  Gap gap;
  gap.since = time_in(json, "at");
  gap.until = json.contains("until") ? time_in(json, "until") : gap.since;
  gap.kind = kind;
  gap.detail = text_in(json, "detail");
  const auto count = json.find("count");
  if (count != json.end() && count->is_number_integer() && count->get<std::int64_t>() > 0)
    gap.count = count->get<std::int64_t>();
  return gap;
}

void join(Gap* older, const Gap& newer) {
  if (newer.since && (!older->since || *newer.since < *older->since)) older->since = newer.since;
  if (newer.until && (!older->until || *older->until < *newer.until)) older->until = newer.until;
  older->detail = newer.detail;
  older->count += newer.count;
}

// The older half becomes one gap a kind.
void fold(std::vector<Gap>* gaps) {
  const auto half = gaps->begin() + static_cast<std::ptrdiff_t>(gaps->size() / 2);
  std::vector<Gap> folded;
  for (auto at = gaps->begin(); at != half; ++at) {
    const auto same = std::ranges::find(folded, at->kind, &Gap::kind);
    if (same == folded.end())
      folded.push_back(std::move(*at));
    else
      join(&*same, *at);
  }
  folded.insert(folded.end(), std::make_move_iterator(half), std::make_move_iterator(gaps->end()));
  *gaps = std::move(folded);
}

std::int64_t sum_of(const std::vector<Gap>& gaps) {
  std::int64_t sum = 0;
  for (const auto& gap : gaps) sum += gap.count;
  return sum;
}

}  // namespace

std::string_view name_of(GapKind kind) {
  switch (kind) {
    case GapKind::kNoSpace: return "no_space";
    case GapKind::kScanFailed: return "scan_failed";
    case GapKind::kNetwork: return "network";
    case GapKind::kSetAside: return "set_aside";
    case GapKind::kDamaged: return "damaged";
  }
  return "scan_failed";
}

Result<std::vector<Gap>> read_gaps(const std::string& path) {
  const auto text = read_state_file(path, kMaxGapFileBytes);
  if (!text && text.error().code() == Code::kNotFound) return std::vector<Gap>();
  if (!text) return fail(text.error());
  std::vector<Gap> out;
  for (std::size_t at = 0; at < text->size();) {
    const auto end = std::min(text->find('\n', at), text->size());
    out.push_back(gap_of(std::string_view(*text).substr(at, end - at), out.size() + 1));
    at = end + 1;
  }
  return out;
}

GapLog::GapLog(std::string path, Disk* disk) : path_(std::move(path)), disk_(disk) {
  // What cannot be read is counted by nobody; agent_gaps says why.
  if (const auto gaps = read_gaps(path_)) {
    written_ = sum_of(*gaps);
    lines_ = gaps->size();
  }
}

void GapLog::prepare() {
  (void)disk_->append(path_, "");  // tried again with the first gap
}

void GapLog::add(GapKind kind, evidence::Seconds when, std::string_view detail) {
  Gap gap{when, when, std::string(name_of(kind)), std::string(detail.substr(0, kMaxGapDetailBytes)),
          1};
  if (!unwritten_.empty() && unwritten_.back().kind == gap.kind &&
      unwritten_.back().detail == gap.detail)
    join(&unwritten_.back(), gap);
  else
    unwritten_.push_back(std::move(gap));
  if (unwritten_.size() > kMaxUnwritten) fold(&unwritten_);
  (void)flush();  // what is left over stays and counts
}

bool GapLog::flush() {
  while (!unwritten_.empty()) {
    if (lines_ >= kMaxGapLines) compact();
    // Not even that was possible: what is in memory is folded instead.
    if (lines_ >= 2 * kMaxGapLines) return false;
    if (!disk_->append(path_, line_of(unwritten_.front()))) return false;
    written_ += unwritten_.front().count;
    ++lines_;
    unwritten_.erase(unwritten_.begin());
  }
  return true;
}

void GapLog::compact() {
  auto gaps = read_gaps(path_);
  if (!gaps) return;
  fold(&*gaps);
  std::string text;
  for (const auto& gap : *gaps) text += line_of(gap);
  if (!disk_->write(path_, text)) return;
  lines_ = gaps->size();
  prepare();
}

std::int64_t GapLog::count() const {
  return written_ + sum_of(unwritten_);
}

}  // namespace assay::agent
