#include "agent/host/nft_library.h"

#include <nftables/libnftables.h>

#include <memory>

#include "agent/host/loaded_library.h"

namespace assay::agent {
namespace {

struct Library {
  decltype(&::nft_ctx_new) make = nullptr;
  decltype(&::nft_ctx_free) free = nullptr;
  decltype(&::nft_ctx_output_set_flags) set_flags = nullptr;
  decltype(&::nft_ctx_buffer_output) buffer_output = nullptr;
  decltype(&::nft_ctx_buffer_error) buffer_error = nullptr;
  decltype(&::nft_ctx_get_output_buffer) output = nullptr;
  decltype(&::nft_run_cmd_from_buffer) run = nullptr;
};

// Stays loaded: a resident agent asks again.
Result<Library> load() {
  const auto loaded = LoadedLibrary::open({"libnftables.so.1"});
  if (!loaded.is_open())
    return fail(Code::kNotFound,
                "reading nftables' rules: there are some, and the library libnftables.so.1 that "
                "explains them is not installed");
  Library library;
  if (!loaded.find("nft_ctx_new", library.make) || !loaded.find("nft_ctx_free", library.free) ||
      !loaded.find("nft_ctx_output_set_flags", library.set_flags) ||
      !loaded.find("nft_ctx_buffer_output", library.buffer_output) ||
      !loaded.find("nft_ctx_buffer_error", library.buffer_error) ||
      !loaded.find("nft_ctx_get_output_buffer", library.output) ||
      !loaded.find("nft_run_cmd_from_buffer", library.run))
    return fail(Code::kNotSupported, "reading nftables' rules: libnftables lacks a function");
  return library;
}

}  // namespace

Result<std::string> list_nft_ruleset(Counters counters) {
  static const Result<Library> kLibrary = load();
  if (!kLibrary) return fail(kLibrary.error());
  const auto& library = *kLibrary;
  const std::unique_ptr<::nft_ctx, decltype(library.free)> context(library.make(NFT_CTX_DEFAULT),
                                                                   library.free);
  if (!context) return fail(Code::kIo, "reading nftables' rules: libnftables did not start");
  unsigned flags = NFT_CTX_OUTPUT_JSON | NFT_CTX_OUTPUT_NUMERIC_PROTO | NFT_CTX_OUTPUT_NUMERIC_PRIO;
  if (counters == Counters::kLeftOut) flags |= NFT_CTX_OUTPUT_STATELESS;
  library.set_flags(context.get(), flags);
  if (library.buffer_output(context.get()) != 0 || library.buffer_error(context.get()) != 0)
    return fail(Code::kIo, "reading nftables' rules: libnftables did not start");
  if (library.run(context.get(), "list ruleset") != 0)
    return fail(Code::kIo, "reading nftables' rules: libnftables could not list them");
  const char* const text = library.output(context.get());
  if (text == nullptr || *text == '\0')
    return fail(Code::kIo, "reading nftables' rules: libnftables listed nothing");
  std::string json(text);
  if (json.size() > kMaxRulesetBytes)
    return fail(Code::kTooLarge, "reading nftables' rules: more than is read");
  return json;
}

}  // namespace assay::agent
