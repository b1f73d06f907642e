// How std::unique_ptr frees an object of OpenSSL:
//   using Key = std::unique_ptr<EVP_PKEY, evidence::Freed<EVP_PKEY_free>>;
#pragma once

namespace assay::evidence {

template <auto kFree>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};

}  // namespace assay::evidence
