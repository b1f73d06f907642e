#include "collector/store/posture_groups.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace assay::collector {
namespace {

class Said {
 public:
  explicit Said(std::string_view head) { hash_.add(head); }
  void add(std::string_view text) {
    hash_.add(std::to_string(text.size()) + ":");
    hash_.add(text);
  }
  void add(const std::vector<std::string>& frameworks) { add(join_frameworks(frameworks)); }
  void add(const evidence::Digest& digest) { hash_.add(digest.raw()); }
  [[nodiscard]] evidence::Digest finish() { return hash_.finish(); }

 private:
  evidence::Sha256 hash_;
};

evidence::Digest digest_of(const std::vector<VerdictInterval>& verdicts) {
  Said said("assay verdicts/1\n");
  for (const auto& verdict : verdicts) {
    said.add(verdict.check_id);
    said.add(verdict.parameters);
    said.add(verdict.frameworks);
    said.add(checks::name_of(verdict.state));
    said.add(verdict.reason);
    said.add(verdict.key);
    said.add(verdict.check_digest);
  }
  return said.finish();
}

evidence::Digest digest_of(const std::vector<FindingGroup::Member>& members) {
  Said said("assay findings/1\n");
  for (const auto& member : members) {
    said.add(member.key);
    said.add(member.row);
    said.add(member.frameworks);
  }
  return said.finish();
}

}  // namespace

std::string join_frameworks(const std::vector<std::string>& frameworks) {
  std::string joined(",");
  for (const auto& framework : frameworks) joined.append(framework).append(",");
  return joined;
}

std::string_view family_of(std::string_view check_id) {
  return check_id.substr(0, check_id.find('-'));
}

SharedVerdictGroup verdict_group(std::string family, std::vector<VerdictInterval> verdicts) {
  std::ranges::sort(verdicts, {}, [](const VerdictInterval& verdict) {
    return std::tie(verdict.check_id, verdict.parameters);
  });
  for (auto& verdict : verdicts) {
    verdict.host_id.clear();
    verdict.since = {};
    verdict.until.reset();
  }
  const auto digest = digest_of(verdicts);
  return std::make_shared<const VerdictGroup>(
      std::move(family), std::make_shared<const std::vector<VerdictInterval>>(std::move(verdicts)),
      digest);
}

SharedFindingGroup finding_group(std::string check_id, checks::Severity severity,
                                 std::vector<FindingGroup::Member> members) {
  const auto digest = digest_of(members);
  return std::make_shared<const FindingGroup>(std::move(check_id), severity, std::move(members),
                                              digest);
}

}  // namespace assay::collector
