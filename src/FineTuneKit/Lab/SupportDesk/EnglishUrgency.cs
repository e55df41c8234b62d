namespace FineTuneKit.Lab.SupportDesk;

/// <summary>English sentences that say how soon, by meaning: high ones need no "urgent", low ones may hold "tomorrow".</summary>
internal static class EnglishUrgency
{
    public static UrgencyCues Cues { get; } = new()
    {
        HighDeadline =
        [
            "I need [an answer|a reply|to know] [by tomorrow|today|by tonight|before tomorrow noon].",
            "this has to be settled [today|by tomorrow|tonight].",
            "[tomorrow|tomorrow evening|the day after tomorrow] would already be too late.",
            "I can only wait until [tomorrow|tonight|tomorrow noon].",
            "after tomorrow it is [no use|too late] for me.",
        ],
        HighDecision =
        [
            "I have to decide [today|by tomorrow|tonight].",
            "tomorrow is my last chance to do it.",
        ],
        HighRide =
        [
            "my [race|tour|charity ride|cycling holiday|triathlon] [starts|is] [tomorrow|the day after tomorrow|tomorrow morning|tonight].",
            "we [leave|set off] for our [tour|trip|cycling holiday] [tomorrow|tonight|the day after tomorrow].",
            "I ride a [race|marathon] [tomorrow|the day after tomorrow] and need it there.",
            "it is for my [son's|daughter's|wife's] birthday [tomorrow|today].",
        ],
        HighStranded =
        [
            "without a bike I [can't|cannot] get to [work|school|my shift|my patients].",
            "I have no other way to [get to work|reach my school|get to the hospital].",
            "there is no bus here, so I [can't|cannot] get to [work|school|my shift].",
            "my [son|daughter] [can't|cannot] get to school until this is settled.",
        ],
        HighDanger =
        [
            "the brakes [hardly|barely] work any more.",
            "the [front|rear] brake failed on a hill and I nearly fell.",
            "there is a crack in the [frame|fork], and it may break.",
            "I nearly crashed because the [fork|handlebar] gave way.",
        ],
        LowAny =
        [
            "there is no [hurry|rush].",
            "it is not urgent [at all|for me].",
            "it can wait [until next month|until spring|a month or two|until winter].",
            "answer whenever [it suits you|you find time|you have a quiet day].",
            "I am away for [a month|two months] anyway, so later is fine.",
            "no need to answer today or tomorrow; next month is early enough.",
            "any time this [year|season] is fine.",
        ],
        LowCurious =
        [
            "I am [just|only] curious.",
            "I am only asking out of interest.",
            "it is only for [next year|next summer|some day].",
        ],
        LowRide =
        [
            "my [tour|race|trip] is only in [two|three|four] months.",
            "I don't need it before [next spring|next summer|next year].",
        ],
        LowSpare =
        [
            "I have another bike to get to work, so it can wait.",
            "my old bike still gets me to [work|school], so take your time.",
        ],
        NormalAny =
        [
            "an answer some time this week would be [nice|fine|good].",
            "next week would be [good|fine|nice].",
            "please answer by [mail|phone].",
            "you can reach me [in the evening|at lunch time|in the morning].",
            "I asked about it yesterday at the counter.",
            "I saw your advert today.",
            "I look forward to your answer.",
        ],
        NormalBicycle =
        [
            "I ride to work [on most days|when the sun shines|in summer].",
            "we go for rides at weekends.",
            "we have a tour at the end of next week.",
        ],
    };
}
