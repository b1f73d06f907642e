// An auditor's pack before it is sent: what is in it, by name, size and digest, and from where each
// content comes. Reports are held (kMaxReportBytes); tables, manifests and attached files are read
// one at a time when they are sent.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "collector/api/message.h"
#include "collector/api/pack/pack_sheets.h"
#include "evidence/pack.h"

namespace assay::collector::api {

// All reports of a pack together.
inline constexpr std::size_t kMaxReportBytes = 128U << 20U;

struct PackPart {
  std::int64_t bytes = 0;
  evidence::Digest digest;
  std::function<Result<std::string>()> read;  // what has this size and digest, or a failure
};

[[nodiscard]] PackPart held(std::string bytes);

struct PackPlan {
  evidence::PackList list;
  std::string list_text;                  // pack.json
  std::map<std::string, PackPart> parts;  // those that the list names
  std::vector<evidence::Digest> manifests;
};

// kTooLarge, in words, when it would be over the limits of a pack; what pack_facts() fails with.
// The store must outlive it.
[[nodiscard]] Result<PackPlan> plan_pack(const Service& service, const PackWish& wish);

// The pack as it stands in a file, but not compressed: with the act by which it was made and all
// proofs. kUnavailable while the act is not in the ledger yet.
[[nodiscard]] Result<std::shared_ptr<BodyStream>> stream_pack(const Service& service, PackPlan plan,
                                                              const PackRecord& record);

}  // namespace assay::collector::api
