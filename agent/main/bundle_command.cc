#include <cstdio>

#include "agent/host/live_host.h"
#include "agent/main/command.h"
#include "agent/main/judge.h"
#include "agent/main/settings.h"
#include "agent/main/snapshot.h"
#include "agent/scan/network/network_look.h"
#include "evidence/compress.h"
#include "evidence/limits.h"

namespace assay::agent {

namespace {

// Of this machine, enrolled: the snapshot joins the chain, so that the collector gets it, too.
// Of an image, or of a machine that is not enrolled: it stands alone and is not signed.
Result<evidence::Bundle> collect_bundle(const Settings& settings, const std::string& root,
                                        bool uses_network) {
  LiveHost host(root);
  if (auto opened = host.opened(); !opened) return fail(opened.error());
  const StateFolder state(settings.state_dir);
  std::optional<Identity> identity;
  if (host.is_live()) {
    auto loaded = load_identity(state);
    if (loaded)
      identity = std::move(*loaded);
    else if (loaded.error().code() != Code::kNotFound)
      return fail(loaded.error());
  }
  const OwnFacts own{&settings, {}};
  const auto network = look_with_scanner(settings, uses_network);
  const auto found =
      scan(host, {.tables = {}, .keep_frames = true, .own = &own, .network = &network});
  const SnapshotContext context{&settings, host_name_of(host), identity ? &*identity : nullptr};
  Result<evidence::SignedManifest> manifest = fail(Code::kInternal, "");
  if (identity) {
    auto spool = Spool::open(state, {.max_bytes = settings.spool.max_bytes});
    if (!spool) return fail(spool.error());
    manifest = spool_snapshot(found, context, &*spool);
  } else {
    manifest = make_manifest(found, context, {});
  }
  if (!manifest) return fail(manifest.error());
  evidence::Bundle bundle;
  bundle.manifests.push_back(std::move(*manifest));
  for (const auto& table : found.tables) {
    if (!table.is_ok()) continue;
    auto bytes = evidence::decompress(table.frame, evidence::kMaxTableBytes);
    if (!bytes) return fail(bytes.error());
    bundle.tables.emplace(*table.digest, std::move(*bytes));
  }
  if (identity) {
    bundle.certificates.push_back(identity->certificate);
    bundle.ca = identity->ca;
  }
  return bundle;
}

}  // namespace

int run_bundle_command(const CommonOptions& common, const BundleArguments& arguments) {
  const auto settings = settings_in_force(common, arguments.profile);
  if (!settings) return report(common, settings.error());
  const auto bundle = collect_bundle(*settings, arguments.root, arguments.uses_network);
  if (!bundle) return report(common, bundle.error());
  const auto bytes = evidence::to_bytes(*bundle);
  if (!bytes) return report(common, bytes.error());
  constexpr unsigned kPrivate = 0600;  // evidence names accounts and weaknesses
  if (auto written = cli::write_file(arguments.path, *bytes, kPrivate); !written)
    return report(common, written.error());
  if (!common.is_quiet) {
    const bool is_chinese = common.chosen_language() == Language::kChinese;
    const bool is_signed = !bundle->certificates.empty();
    (void)std::printf(is_chinese ? "%s：%zu 份資料表，%s\n" : "%s: %zu tables, %s\n",
                      arguments.path.c_str(), bundle->tables.size(),
                      is_chinese
                          ? (is_signed ? "已簽章" : "未簽章（本機尚未註冊）")
                          : (is_signed ? "signed" : "not signed (this machine is not enrolled)"));
  }
  return kDone;
}

}  // namespace assay::agent
