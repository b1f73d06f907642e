#include "agent/network/tls/openssl/lean_openssl.h"

#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/provider.h>

#include <map>
#include <string_view>
#include <vector>

namespace assay::agent::tls {

namespace {

OSSL_PROVIDER* default_provider() {
  static OSSL_PROVIDER* const kProvider = OSSL_PROVIDER_load(nullptr, "default");
  return kProvider;
}

bool is_used(int operation, const OSSL_ALGORITHM& algorithm) {
  const std::string_view names(algorithm.algorithm_names);
  const std::string_view properties(algorithm.property_definition);
  switch (operation) {
    case OSSL_OP_CIPHER:  // those of TLS 1.3, and those that the generator sets itself up with
      return names.contains("GCM") || names.contains("Poly1305") || names.contains("AES-256-CTR") ||
             names.contains("AES-256-ECB");
    case OSSL_OP_DECODER:  // of a certificate's key
      return properties.contains("structure=SubjectPublicKeyInfo");
    default: return true;
  }
}

// The algorithms of one kind, and the entry without a name that ends them.
std::vector<OSSL_ALGORITHM> used_of(int operation) {
  std::vector<OSSL_ALGORITHM> used;
  int is_not_kept = 0;
  const auto* all = OSSL_PROVIDER_query_operation(default_provider(), operation, &is_not_kept);
  for (; all != nullptr && all->algorithm_names != nullptr; ++all)
    if (is_used(operation, *all)) used.push_back(*all);
  used.push_back({});
  return used;
}

const OSSL_ALGORITHM* query(void*, int operation, int* is_not_kept) {
  static std::map<int, std::vector<OSSL_ALGORITHM>> algorithms;  // under OpenSSL's lock
  *is_not_kept = 0;
  auto at = algorithms.find(operation);
  if (at == algorithms.end()) at = algorithms.emplace(operation, used_of(operation)).first;
  return at->second.data();
}

// provider(7): a provider whose algorithms, and whose context, are those of the default one.
int begin_provider(const OSSL_CORE_HANDLE*, const OSSL_DISPATCH*, const OSSL_DISPATCH** functions,
                   void** context) {
  static const OSSL_DISPATCH kFunctions[] = {
      {OSSL_FUNC_PROVIDER_QUERY_OPERATION, reinterpret_cast<void (*)()>(query)}, {0, nullptr}};
  *functions = kFunctions;
  *context = OSSL_PROVIDER_get0_provider_ctx(default_provider());
  return 1;
}

OSSL_LIB_CTX* make_context() {
  auto* context = OSSL_LIB_CTX_new();
  if (context == nullptr || default_provider() == nullptr) return nullptr;
  if (OSSL_PROVIDER_add_builtin(context, "lean", begin_provider) == 1 &&
      OSSL_PROVIDER_load(context, "lean") != nullptr)
    return context;
  ERR_clear_error();
  return nullptr;
}

}  // namespace

void start_openssl() {
  (void)OPENSSL_init_crypto(
      OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_NO_ATEXIT,
      nullptr);
}

void use_lean_openssl() {
  start_openssl();
  // Else the first search for an algorithm of any kind begins with the names of all ciphers.
  (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_ADD_ALL_CIPHERS, nullptr);
  static OSSL_LIB_CTX* const kContext = make_context();  // lives as long as the program
  if (kContext != nullptr) (void)OSSL_LIB_CTX_set0_default(kContext);
}

}  // namespace assay::agent::tls
