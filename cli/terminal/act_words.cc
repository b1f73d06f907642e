#include "cli/terminal/act_words.h"

#include <functional>
#include <map>
#include <string>

namespace assay::cli {

Text act_word(std::string_view kind) {
  static const std::map<std::string, Text, std::less<>> kWords = {
      {"pack_made", {"pack made", "稽核包製作"}},
      {"waiver_requested", {"waiver requested", "例外申請"}},
      {"waiver_decided", {"waiver decided", "例外審核"}},
      {"attestation_recorded", {"attestation recorded", "人工聲明登錄"}},
      {"attestation_ended", {"attestation ended", "人工聲明終止"}},
      {"file_attached", {"file attached", "佐證檔案附加"}},
      {"approved", {"approved", "核准"}},
      {"approval_withdrawn", {"approval withdrawn", "核准撤銷"}},
      {"register_changed", {"register changed", "資產清冊異動"}},
      {"token_made", {"token made", "權杖建立"}},
      {"token_revoked", {"token revoked", "權杖撤銷"}},
      {"host_enrolled", {"host enrolled", "主機註冊"}},
      {"host_revoked", {"host revoked", "主機撤銷"}},
      {"terms_set", {"settings changed", "設定變更"}},
      {"report_made", {"weekly report made", "週報製作"}}};
  const auto word = kWords.find(kind);
  return word == kWords.end() ? Text{std::string(kind), std::string(kind)} : word->second;
}

}  // namespace assay::cli
