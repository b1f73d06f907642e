#include "agent/network/tls/certificate/chain_judgement.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <memory>

#include "agent/network/tls/connection/address.h"
#include "evidence/openssl_freed.h"

namespace assay::agent::tls {

namespace {

using evidence::Freed;
// Its certificates belong to the caller.
void free_chain(STACK_OF(X509) * chain) {
  sk_X509_free(chain);
}
using ChainPointer = std::unique_ptr<STACK_OF(X509), Freed<free_chain>>;

constexpr int kMaxDepth = 16;

// Names as openssl-rehash(1) makes them: eight digits of a hash, a dot, a number.
bool has_hashed_names(const std::filesystem::path& folder) {
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    const auto name = at->path().filename().string();
    if (name.size() > 9 && name[8] == '.' && name.find_first_not_of("0123456789abcdef") == 8)
      return true;
  }
  return false;
}

// A folder of hashed names is read as far as it is needed; a file is read whole, which takes longer
// than the rest of an audit. So a file that lies in the folder, made of what is there, is left out.
bool lies_in(const std::string& file, const std::string& folder) {
  std::error_code error;
  const auto real_file = std::filesystem::canonical(file, error);
  if (error) return false;
  const auto real_folder = std::filesystem::canonical(folder, error);
  return !error && real_file.parent_path() == real_folder;
}

X509_STORE* make_store() {
  auto* store = X509_STORE_new();
  if (store == nullptr) return nullptr;
  const char* folder = X509_get_default_cert_dir();
  const char* file = X509_get_default_cert_file();
  const bool is_hashed = has_hashed_names(folder);
  bool has_any = is_hashed && X509_STORE_load_path(store, folder) == 1;
  if (!is_hashed || !lies_in(file, folder))
    has_any = X509_STORE_load_file(store, file) == 1 || has_any;
  ERR_clear_error();
  if (has_any) return store;
  X509_STORE_free(store);
  return nullptr;
}

// This machine's authorities; nullptr: it has none. Lives as long as the program.
X509_STORE* authorities() {
  static X509_STORE* const kStore = make_store();
  return kStore;
}

void judge_trust(X509* leaf, STACK_OF(X509) * others, ChainJudgement* out) {
  auto* store = authorities();
  if (store == nullptr) {
    out->problem = "this machine has no list of authorities";
    return;
  }
  const std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
  if (!context || X509_STORE_CTX_init(context.get(), store, leaf, others) != 1) {
    out->problem = "OpenSSL cannot verify it";
    return;
  }
  X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_SERVER);
  X509_STORE_CTX_set_depth(context.get(), kMaxDepth);
  out->is_trusted = X509_verify_cert(context.get()) == 1;
  if (!*out->is_trusted)
    out->problem = X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
}

}  // namespace

ChainJudgement judge_chain(const std::vector<ParsedCertificate>& chain, const std::string& host) {
  ChainJudgement out;
  if (chain.empty()) return out;
  const auto& leaf = chain.front();
  const ChainPointer others(sk_X509_new_null());
  if (!leaf || !others) {
    ERR_clear_error();
    out.problem = "the certificate cannot be read";
    return out;
  }
  for (std::size_t i = 1; i < chain.size(); ++i)
    if (chain[i]) (void)sk_X509_push(others.get(), chain[i].get());  // else it is not trusted
  judge_trust(leaf.get(), others.get(), &out);
  const int match = is_address(host)
                        ? X509_check_ip_asc(leaf.get(), host.c_str(), 0)
                        : X509_check_host(leaf.get(), host.data(), host.size(),
                                          X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr);
  if (match == 0 || match == 1) out.matches_host = match == 1;
  ERR_clear_error();
  return out;
}

}  // namespace assay::agent::tls
