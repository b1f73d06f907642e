// OpenSSL's objects of RFC 3161, for the sources beside this alone.
#pragma once

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/ts.h>

#include <memory>
#include <string>
#include <string_view>

#include "evidence/openssl_freed.h"
#include "evidence/result.h"

namespace assay::evidence {

using TokenObject = std::unique_ptr<PKCS7, Freed<PKCS7_free>>;
using StampObject = std::unique_ptr<TS_TST_INFO, Freed<TS_TST_INFO_free>>;

// The sentence, and what the library said last; empties its queue of errors.
[[nodiscard]] std::unexpected<Error> stamp_failure(Code code, const Text& what);

// kInvalidData unless the bytes are exactly one token in DER.
[[nodiscard]] Result<TokenObject> token_object(std::string_view der);
// What the token is over. kInvalidData.
[[nodiscard]] Result<StampObject> stamp_object(PKCS7* token);

}  // namespace assay::evidence
