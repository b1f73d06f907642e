#include "agent/self/process_rights.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

TEST(ProcessRights, AreReadFromTheKernelsWords) {
  EXPECT_EQ(rights_in("Name:\tassay\nCapEff:\t00000000a80425fb\nNoNewPrivs:\t1\nSeccomp:\t2\n"
                      "Seccomp_filters:\t1\n"),
            (ProcessRights{"00000000a80425fb", 1, 2}));
}

TEST(ProcessRights, WhatIsNotStatedIsNotKnown) {
  EXPECT_EQ(rights_in(""), ProcessRights());
  EXPECT_EQ(rights_in("CapEff"), ProcessRights());
  EXPECT_EQ(rights_in("NoNewPrivs:\t\nSeccomp:\tyes\n"), ProcessRights());
  EXPECT_EQ(rights_in("CapEff:\tnot hexadecimal\n"), ProcessRights());
}

}  // namespace
}  // namespace assay::agent
