"""What the report of 安康 on 31 October 2017 says, and the sizes around it, at the scale asked for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Totals:
    """Whole numbers at scale 1; `of` brings one to the scale, never below one."""

    scale: float = 1.0

    def of(self, whole: int) -> int:
        return max(1, round(whole * self.scale))


# Counts of the report. Of its 642 committees and leading groups, 150 stand on the division tree and 492 in organs.
ORGANS_CITY, ORGANS_PER_COUNTY = 62, 43
BRANCHES = {"rural": 2900, "community": 480, "organ": 1400, "two_new": 560, "other": 325}
MEMBERS = {"rural": 92_000, "community": 11_000, "organ": 34_000, "two_new": 6_500, "other": 3_500}
POOR_VILLAGES, TEAMS, TEAM_MEMBERS, TEAM_MEMBERS_ADJUSTED = 992, 1281, 3759, 293
FACTORIES, PARKS, SCENIC, COOPERATIVES = 101, 521, 26, 1860
NEW_FIRST_SECRETARIES, RECALLED, PROMOTED, DELEGATES = 1085, 85, 74, 6
PLEDGING, PAIRED_BEARERS, PAIRED_HOUSEHOLDS, ENTITY_MEMBERS = 76_340, 24_271, 62_582, 9_436
LAND_MU, BENEFIT_YUAN, BENEFIT_YUAN_BEFORE = 1_293_000, 387_600_000, 291_400_000
WEAK_BRANCHES, DISCIPLINED = 330, 312
CAMPAIGN_REACHED, WITHDRAWN, EXITED = 4_863, 1_196, 562
BANQUETS_THIRD = 19_240  # 2016: three of these in ten months; 2017: two

# Sizes that the report does not give.
HOUSEHOLDS_POOR, HOUSEHOLDS_GENERAL, PERSONS_POOR, LIFTED = 103_000, 7_000, 430_000, 30_000
CADRES_OUTSIDE = 6_000
VISITS = 560_000
MEETINGS = {
    "theme_day": 66_000,
    "branch_meeting": 34_000,
    "party_lesson": 28_000,
    "committee_meeting": 22_000,
    "group_meeting": 8_000,
}
