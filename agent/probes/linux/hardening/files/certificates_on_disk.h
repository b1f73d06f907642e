// Table certificates_on_disk: the certificates that lie about in the places of servers and
// users, so that one that has expired is seen before its users see it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/linux/walking/fair_share.h"
#include "agent/probes/probe.h"

namespace assay::agent {

inline constexpr std::size_t kMaxCertificateFiles = 5'000;
inline constexpr std::size_t kMaxCertificatePathBytes = 2U << 20U;  // of all paths together

class CertificatesOnDisk final : public Walker {
 public:
  void visit(const TreeEntry& entry) override;
  // kPermissionDenied when parts of the tree were hidden from the agent. Above kMaxCertificateFiles
  // shares of them are left out, with a row that says so.
  [[nodiscard]] Result<evidence::Table> finish(Host& host, const WalkSummary& walk) override;

 private:
  struct Found {
    std::string path;
    std::uint64_t size_bytes = 0;
    std::uint32_t uid = 0;
  };
  std::vector<Found> found_;
  FairShare shares_{"files of certificates", kMaxCertificateFiles, kMaxCertificatePathBytes};
};

[[nodiscard]] std::unique_ptr<Walker> make_certificates_on_disk();

// Whether a file of that name may hold certificates and lies where it matters: not in the stores
// of trusted authorities, not among what packages brought along.
[[nodiscard]] bool may_hold_certificates(std::string_view path);

}  // namespace assay::agent
