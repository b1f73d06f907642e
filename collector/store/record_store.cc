#include "collector/store/record_store.h"

#include "evidence/compress.h"
#include "evidence/refusal.h"

namespace assay::collector {

Result<Waiver> RecordStore::add_waiver(const Waiver& waiver) {
  if (auto sound = check_waiver(waiver); !sound) return fail(sound.error());
  return measured("add_waiver", [&] { return do_add_waiver(waiver); });
}

Result<Waiver> RecordStore::act_on_waiver(std::string_view id, const WaiverAct& act) {
  return measured("act_on_waiver", [&] { return do_act_on_waiver(id, act); });
}

Result<Waiver> RecordStore::waiver(std::string_view id) {
  return measured("waiver", [&] { return do_waiver(id); });
}

Result<Page<Waiver>> RecordStore::waivers(const WaiverFilter& filter, const PageRequest& page) {
  return measured("waivers", [&] { return do_waivers(filter, bounded(page)); });
}

Result<Attestation> RecordStore::add_attestation(const Attestation& attestation) {
  if (auto sound = check_attestation(attestation); !sound) return fail(sound.error());
  return measured("add_attestation", [&] { return do_add_attestation(attestation); });
}

Result<Attestation> RecordStore::withdraw_attestation(std::string_view id, const Actor& by,
                                                      std::string_view note,
                                                      evidence::Seconds now) {
  if (!note.empty())
    if (auto sound = check_text("note", note); !sound) return fail(sound.error());
  const AttestationAct act{AttestationAct::Kind::kWithdrawn, by, std::string(note), now};
  return measured("withdraw_attestation", [&] { return do_withdraw_attestation(id, act); });
}

Result<Attestation> RecordStore::attach(std::string_view id, std::string_view name,
                                        std::string_view content, const Actor& by,
                                        evidence::Seconds now) {
  // Before anything is computed over it.
  if (content.size() > kMaxAttestedFileBytes)
    return refuse(Code::kTooLarge, {"a file may have {} bytes at most", "檔案最多 {} 位元組"},
                  kMaxAttestedFileBytes);
  if (auto sound = check_file_name(name); !sound) return fail(sound.error());
  const AttestedFile file{std::string(name), evidence::sha256(content),
                          static_cast<std::int64_t>(content.size()), by, now};
  const auto frame = evidence::compress(content);
  if (!frame) return fail(frame.error());
  return measured("attach", [&] { return do_attach(id, file, *frame); });
}

Result<std::string> RecordStore::file(const evidence::Digest& digest) {
  return measured("file", [&]() -> Result<std::string> {
    const auto frame = do_file(digest);
    if (!frame) return frame;
    auto content = evidence::decompress(*frame, kMaxAttestedFileBytes);
    if (!content) return fail(content.error().within("file " + digest.hex()));
    if (evidence::sha256(*content) != digest)
      return refuse(Code::kInvalidData,
                    {"file {} is not what was stored", "檔案 {} 與當初存入的內容不同"},
                    digest.hex());
    return content;
  });
}

Result<Attestation> RecordStore::attestation(std::string_view id) {
  return measured("attestation", [&] { return do_attestation(id); });
}

Result<Page<Attestation>> RecordStore::attestations(const AttestationFilter& filter,
                                                    const PageRequest& page) {
  return measured("attestations", [&] { return do_attestations(filter, bounded(page)); });
}

Result<PackRecord> RecordStore::add_pack(const PackRecord& pack) {
  return measured("add_pack", [&] { return do_add_pack(pack); });
}

Result<PackRecord> RecordStore::pack(std::string_view id) {
  return measured("pack", [&] { return do_pack(id); });
}

Result<Page<PackRecord>> RecordStore::packs(const PageRequest& page) {
  return measured("packs", [&] { return do_packs(bounded(page)); });
}

}  // namespace assay::collector
