// Tokens, hosts and certificates, in every engine.
#include "tests/unit/collector/store/conformance.h"

namespace assay::collector {

TEST_P(StoreConformance, KeepsATokenAcrossReopening) {
  Token person = enrollment_token("p");
  person.kind = TokenKind::kPerson;
  person.name = "陳美玲";
  person.role = Role::kOperator;
  person.expires = std::nullopt;
  ASSERT_TRUE(store().add_token(person));
  reopen();
  const auto found = store().token(person.hash);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, "陳美玲");
  EXPECT_EQ(found->role, Role::kOperator);
  EXPECT_TRUE(found->is_good(at(1'000'000)));
}

TEST_P(StoreConformance, RefusesTheSameTokenTwice) {
  ASSERT_TRUE(store().add_token(enrollment_token("a")));
  EXPECT_EQ(code_of(store().add_token(enrollment_token("a"))), "conflict");
}

TEST_P(StoreConformance, ListsTokensNewestFirstPageByPage) {
  for (const auto* secret : {"a", "b", "c"})
    ASSERT_TRUE(store().add_token(enrollment_token(secret)));
  const auto first = store().tokens({"", 2});
  ASSERT_TRUE(first && first->items.size() == 2);
  EXPECT_EQ(first->items[0].hash, evidence::sha256("c"));
  const auto second = store().tokens({first->next, 2});
  ASSERT_TRUE(second && second->items.size() == 1);
  EXPECT_EQ(second->items[0].hash, evidence::sha256("a"));
  EXPECT_EQ(second->next, "");
}

TEST_P(StoreConformance, EnrollingSpendsTheTokenOnce) {
  enroll("host-1");
  const auto hash = evidence::sha256("secret of host-1");
  Host other;
  other.id = "host-2";
  const auto again = store().enroll(hash, other, certificate_of("host-2", "2"), at(21));
  EXPECT_EQ(code_of(again), "unauthenticated");
  EXPECT_EQ(code_of(store().host("host-2")), "not_found");
  EXPECT_EQ(store().token(hash)->host_id, "host-1");
  EXPECT_EQ(store().certificate("first of host-1")->host_id, "host-1");
}

TEST_P(StoreConformance, AnExpiredOrRevokedTokenEnrollsNobody) {
  const auto token = enrollment_token("t");
  ASSERT_TRUE(store().add_token(token));
  Host host;
  host.id = "host-1";
  const auto certificate = certificate_of("host-1", "1");
  EXPECT_EQ(code_of(store().enroll(token.hash, host, certificate, at(100))), "unauthenticated");
  ASSERT_TRUE(store().revoke_token(token.id, at(30)));
  EXPECT_EQ(code_of(store().enroll(token.hash, host, certificate, at(50))), "unauthenticated");
  EXPECT_EQ(code_of(store().revoke_token("none", at(30))), "not_found");
}

TEST_P(StoreConformance, APersonsTokenEnrollsNobody) {
  Token person = enrollment_token("p");
  person.kind = TokenKind::kPerson;
  ASSERT_TRUE(store().add_token(person));
  Host host;
  host.id = "host-1";
  EXPECT_EQ(code_of(store().enroll(person.hash, host, certificate_of("host-1", "1"), at(50))),
            "unauthenticated");
}

TEST_P(StoreConformance, RevokingAHostRevokesItsCertificatesAndBarsNewOnes) {
  enroll("host-1");
  ASSERT_TRUE(store().add_certificate(certificate_of("host-1", "second")));
  ASSERT_TRUE(store().revoke_host("host-1", at(50)));
  ASSERT_TRUE(store().revoke_host("host-1", at(60)));  // changes nothing
  EXPECT_EQ(store().host("host-1")->state, HostState::kRevoked);
  const auto certificates = store().certificates("host-1").value();
  for (const auto& certificate : certificates) EXPECT_EQ(certificate.revoked_at, at(50));
  EXPECT_EQ(code_of(store().add_certificate(certificate_of("host-1", "third"))), "refused");
  EXPECT_EQ(store().revoked_since(at(50)).value(), std::vector<std::string>{"host-1"});
  EXPECT_TRUE(store().revoked_since(at(51)).value().empty());
}

TEST_P(StoreConformance, ListsHostsByNameAndFindsThemByPartOfIt) {
  for (const auto* id : {"c", "a", "b"}) enroll(id);
  const auto first = store().hosts("", {"", 2});
  ASSERT_TRUE(first && first->items.size() == 2);
  EXPECT_EQ(first->items[0].id, "a");
  EXPECT_EQ(store().hosts("", {first->next, 2})->items.at(0).id, "c");
  EXPECT_EQ(store().hosts("OF B", {})->items.at(0).id, "b");
  EXPECT_TRUE(store().hosts("%", {})->items.empty());
}

TEST_P(StoreConformance, LastSeenNeverMovesBack) {
  enroll("host-1");
  const std::vector<Sighting> sightings{
      {"host-1", at(90)}, {"host-1", at(70)}, {"unknown", at(95)}};
  ASSERT_TRUE(store().saw(sightings));
  EXPECT_EQ(store().host("host-1")->last_seen, at(90));
}

TEST_P(StoreConformance, CountsWhatItIsAsked) {
  (void)store().host("none");  // only its being counted matters
  const auto counts = store().meter().counts().at("host");
  EXPECT_EQ(counts.calls, 1);
  EXPECT_EQ(counts.failures, 1);
}

}  // namespace assay::collector
