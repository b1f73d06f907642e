#include "agent/identity/signing_request.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "tests/unit/evidence/authority.h"

namespace assay::agent {
namespace {

X509_REQ* parsed(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509_REQ* request = PEM_read_bio_X509_REQ(bio, nullptr, nullptr, nullptr);
  BIO_free_all(bio);
  return request;
}

TEST(SigningRequest, IsSignedByItsOwnKeyOnP256) {
  const auto made = new_signing_request("web-1").value();
  X509_REQ* request = parsed(made.request);
  ASSERT_NE(request, nullptr);
  EXPECT_EQ(X509_REQ_verify(request, X509_REQ_get0_pubkey(request)), 1);
  EXPECT_EQ(EVP_PKEY_get_bits(X509_REQ_get0_pubkey(request)), 256);
  X509_REQ_free(request);
}

TEST(SigningRequest, EachHasANewKey) {
  EXPECT_NE(new_signing_request("web-1")->key, new_signing_request("web-1")->key);
}

TEST(SigningRequest, AnyHostNameMakesAGoodRequest) {
  for (const auto& name : {std::string(), std::string(300, 'x'), std::string("a\xff\n中")}) {
    X509_REQ* request = parsed(new_signing_request(name)->request);
    EXPECT_NE(request, nullptr);
    X509_REQ_free(request);
  }
}

TEST(SigningRequest, AKeyFitsOnlyItsOwnCertificate) {
  const auto authority = evidence::make_authority();
  const auto one = evidence::make_agent(authority, "host-1");
  const auto other = evidence::make_agent(authority, "host-1");
  EXPECT_TRUE(check_key_fits(one.key, one.certificate));
  EXPECT_EQ(check_key_fits(other.key, one.certificate).error().code(), Code::kInvalidData);
}

}  // namespace
}  // namespace assay::agent
