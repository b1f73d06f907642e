// What people put on record: waivers, attestations with the files that go with them, and that packs
// were made for auditors.
//
// Safe from any thread. A write is durable when the call returns; a call that fails has written
// nothing. Nothing is ever changed or removed: later acts are added, and every question can be
// asked as of an earlier moment. Who may do what is decided here and not only by the callers.
// Any call may fail with kNoSpace, kUnavailable (busy or away: try again) or kIo.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/store/attestation.h"
#include "collector/store/meter.h"
#include "collector/store/pack_record.h"
#include "collector/store/page.h"
#include "collector/store/waiver.h"

namespace assay::collector {

// Records that were there at `when`, in the state that they were in then.
struct WaiverFilter {
  evidence::Seconds when;
  std::optional<WaiverState> state;
  std::string check_id;  // empty fields do not filter
  std::string host_id;   // those that name the host, or one of its groups, or all hosts
  std::vector<std::string> host_groups;  // the groups of that host
  std::string ends_by;                   // YYYY-MM-DD: whose last day is this one or before
};

struct AttestationFilter {
  evidence::Seconds when;
  std::optional<AttestationState> state;
  std::string framework;
  std::string control;
  std::string host_id;
  std::vector<std::string> host_groups;
  std::string ends_by;
};

class RecordStore : public virtual Metered {
 public:
  virtual ~RecordStore() = default;

  // Records a request; the answer has its id. kUsage as check_waiver() says.
  [[nodiscard]] Result<Waiver> add_waiver(const Waiver& waiver);
  // Adds an act, if check_act() admits it; of two at once, one. kNotFound.
  [[nodiscard]] Result<Waiver> act_on_waiver(std::string_view id, const WaiverAct& act);
  [[nodiscard]] Result<Waiver> waiver(std::string_view id);
  // The newest first.
  [[nodiscard]] Result<Page<Waiver>> waivers(const WaiverFilter& filter, const PageRequest& page);

  // Records it; the answer has its id. One in force for the same control, edition, hosts and
  // groups is superseded in the same transaction. kUsage as check_attestation() says.
  [[nodiscard]] Result<Attestation> add_attestation(const Attestation& attestation);
  // kNotFound; kConflict when it is not in force (any more).
  [[nodiscard]] Result<Attestation> withdraw_attestation(std::string_view id, const Actor& by,
                                                         std::string_view note,
                                                         evidence::Seconds now);
  // Stores the content by its digest and names it in the attestation. The same name and content
  // again changes nothing. As check_file() says; kNotFound.
  [[nodiscard]] Result<Attestation> attach(std::string_view id, std::string_view name,
                                           std::string_view content, const Actor& by,
                                           evidence::Seconds now);
  // The content of an attached file. kNotFound; kInvalidData when it is not what was stored.
  [[nodiscard]] Result<std::string> file(const evidence::Digest& digest);
  [[nodiscard]] Result<Attestation> attestation(std::string_view id);
  // The newest first.
  [[nodiscard]] Result<Page<Attestation>> attestations(const AttestationFilter& filter,
                                                       const PageRequest& page);

  // The one with its id and act; where a pack of that digest is on record already, that one.
  [[nodiscard]] Result<PackRecord> add_pack(const PackRecord& pack);
  [[nodiscard]] Result<PackRecord> pack(std::string_view id);  // kNotFound
  // The newest first.
  [[nodiscard]] Result<Page<PackRecord>> packs(const PageRequest& page);

 private:
  virtual Result<Waiver> do_add_waiver(const Waiver& waiver) = 0;
  virtual Result<Waiver> do_act_on_waiver(std::string_view id, const WaiverAct& act) = 0;
  virtual Result<Waiver> do_waiver(std::string_view id) = 0;
  virtual Result<Page<Waiver>> do_waivers(const WaiverFilter& filter, const PageRequest& page) = 0;
  virtual Result<Attestation> do_add_attestation(const Attestation& attestation) = 0;
  virtual Result<Attestation> do_withdraw_attestation(std::string_view id,
                                                      const AttestationAct& act) = 0;
  // `frame` is one zstd frame of the content.
  virtual Result<Attestation> do_attach(std::string_view id, const AttestedFile& file,
                                        std::string_view frame) = 0;
  virtual Result<std::string> do_file(const evidence::Digest& digest) = 0;  // the frame
  virtual Result<Attestation> do_attestation(std::string_view id) = 0;
  virtual Result<Page<Attestation>> do_attestations(const AttestationFilter& filter,
                                                    const PageRequest& page) = 0;
  virtual Result<PackRecord> do_add_pack(const PackRecord& pack) = 0;
  virtual Result<PackRecord> do_pack(std::string_view id) = 0;
  virtual Result<Page<PackRecord>> do_packs(const PageRequest& page) = 0;
};

}  // namespace assay::collector
