"""English clauses, negations and concessions for `templates.sample`.

Every maker takes a random generator and returns (text, label): 0 negative, 1 positive.
"""

SUBJECTS = {
    "film": "film, movie, story, plot, acting, cast, script, ending, direction, soundtrack, dialogue, comedy, drama, "
            "thriller, sequel, documentary, show, book, novel, lead actor, performance, camera work, pacing, humor",
    "product": "product, phone, laptop, battery, screen, camera, sound, quality, design, app, keyboard, charger, jacket, "
               "shirt, bag, shampoo, delivery, packaging, price, tablet, fabric, instructions manual",
    "hotel": "hotel, room, staff, service, location, breakfast, bed, bathroom, view, pool, lobby, front desk, wifi, stay, "
             "receptionist, manager, cleaning",
    "food": "food, meal, soup, pizza, coffee, dessert, dinner, restaurant, waiter, menu, burger, sauce, salad, chicken, "
            "fruit, bread, cake, tea",
}
GOOD = {
    "any": "good, great, excellent, wonderful, amazing, fantastic, superb, perfect, impressive, lovely, brilliant, "
           "terrific, outstanding, awesome, nice, pleasant, delightful, satisfying, remarkable, memorable",
    "film": "funny, moving, touching, gripping, engaging, charming, clever, interesting, exciting, original, believable, "
            "entertaining, enjoyable, beautiful, witty, hilarious, smart, compelling, convincing, inspired, powerful, "
            "thrilling, fresh, subtle, sweet, warm, deep, watchable, fun, scary, a masterpiece, a classic, worth watching",
    "product": "useful, reliable, sturdy, durable, comfortable, fast, cheap, easy to use, well made, accurate, light, "
               "handy, practical, solid, smooth, good value, worth the money, soft, elegant, powerful",
    "hotel": "clean, friendly, helpful, comfortable, quiet, spacious, convenient, welcoming, cozy, polite, bright, "
             "attentive, spotless, modern, relaxing, safe, kind, professional",
    "food": "tasty, delicious, fresh, hot, yummy, juicy, crisp, flavorful, filling, tender, worth the price, authentic, "
            "healthy, well cooked, mouth-watering",
}
BAD = {
    "any": "bad, terrible, awful, horrible, poor, disappointing, mediocre, dreadful, lousy, pathetic, unpleasant, "
           "ridiculous, useless, annoying, frustrating, worthless, a mess, a disaster, a failure, a waste of time",
    "film": "boring, dull, tedious, predictable, stupid, silly, slow, flat, bland, pointless, confusing, shallow, lifeless, "
            "painful, clumsy, forgettable, cheesy, ugly, messy, empty, pretentious, lame, sloppy, contrived, long-winded, "
            "tiresome, cliched, unfunny, hollow, weak, a bore, dumb, depressing",
    "product": "broken, faulty, flimsy, cheaply made, slow, heavy, noisy, fragile, defective, overpriced, uncomfortable, "
               "unreliable, hard to use, damaged, expensive, a rip-off, inaccurate, thin, rough, fake",
    "hotel": "dirty, rude, noisy, cramped, cold, smelly, unfriendly, unhelpful, overpriced, slow, uncomfortable, tiny, "
             "dark, filthy, old, inconvenient, shabby, dusty, unsafe, loud",
    "food": "cold, stale, bland, greasy, salty, overcooked, tasteless, dry, soggy, burnt, disgusting, undercooked, sour, "
            "bitter, expensive, rotten, tough, watery",
}
LIKE = "like, love, enjoy, recommend, appreciate, admire, adore, trust"
DISLIKE = "hate, regret, dislike, despise, mind, resent"
LIKED = {"like": "liked", "love": "loved", "enjoy": "enjoyed", "recommend": "recommended", "appreciate": "appreciated",
         "admire": "admired", "adore": "adored", "trust": "trusted", "hate": "hated", "regret": "regretted",
         "dislike": "disliked", "despise": "despised", "mind": "minded", "resent": "resented"}
GOOD_NOUNS = "charm, wit, heart, depth, humor, energy, style, substance, originality, tension, quality, taste, flavor, " \
             "value, warmth, imagination, emotion, chemistry, suspense, passion, sense, redeeming features, surprises, merit"
BAD_NOUNS = "problems, complaints, flaws, issues, faults, weaknesses, regrets, defects, bugs, bad surprises, dull moments, " \
            "mistakes, cliches, annoying habits, disappointments, trouble, noise, bad smells"
GOOD_FACTS = {
    "film": "I laughed a lot; the acting saves it; it kept me hooked; it made me cry in a good way; the ending is superb; "
            "the actors are excellent; it won me over; I would watch it again; it grows on you; the cast makes up for it; "
            "every scene shines; it works beautifully; it is worth seeing; the music is gorgeous; the jokes land; "
            "the lead is magnificent; I was glued to the screen; the characters feel real; it never lets you go",
    "product": "it works perfectly; it does the job; it lasts all day; it is worth every penny; I use it every day; "
               "it fits well; the sound is superb; it arrived early; I would buy it again; it saved me hours; "
               "it still works after a year; customer service solved it quickly; it runs smoothly",
    "hotel": "the staff were lovely; we slept very well; the view made up for it; we had a wonderful stay; "
             "we will come back; the bed was comfortable; we felt at home; the breakfast was excellent; everything was spotless; "
             "the location is ideal; the owner was kind and helpful",
    "food": "everything tasted great; the portions were generous; we will order again; the dessert was divine; "
            "the flavor was amazing; the waiter was friendly; it was worth the wait; we cleaned our plates; the food is delicious",
}
BAD_FACTS = {
    "film": "the plot drags; the story goes nowhere; I fell asleep; it is a mess; the ending ruins it; I walked out; "
            "the jokes fall flat; the script is a disaster; it wastes its cast; nothing happens; it overstays its welcome; "
            "the characters are cardboard; the pacing kills it; it runs out of ideas; I was bored to tears; it makes no sense; "
            "I checked my watch every minute; the film falls apart; the direction is clumsy; the dialogue is painful",
    "product": "it broke after a week; it stopped working; the battery dies quickly; I returned it; it never arrived; "
               "the screen cracked; it fell apart; it keeps crashing; the zipper broke; it overheats; they refused a refund; "
               "it does not fit; the colors faded; it was damaged; it smells of plastic",
    "hotel": "the room was filthy; we could not sleep; the staff ignored us; the shower was broken; it smelled of smoke; "
             "we left early; the bed was hard; the walls are thin; there were bugs; nobody helped us; it was too noisy; "
             "they overcharged us",
    "food": "everything was cold; we got sick; we waited two hours; the meat was raw; the soup was salty; "
            "the order was wrong; the portions were tiny; it tasted like cardboard; the waiter was rude; we will not return",
}
# {a} gives way, {b} is the main clause.
JOINTS = ("{A}, but {b}.", "{A}, but {b}.", "{A} but {b}", "{A}, yet {b}.", "Although {a}, {b}.", "Though {a}, {b}.",
          "Even though {a}, {b}.", "While {a}, {b}.", "{B}, although {a}.", "{B}, even though {a}.", "{B}, though {a}.",
          "{A}. However, {b}.", "{A}; however, {b}.", "{A}. Still, {b}.", "{A}. Nevertheless, {b}.", "{A}. But {b}.",
          "Yes, {a}, but {b}.", "Sure, {a}, but {b}.", "{A}, but in the end {b}.", "{A}, but overall {b}.",
          "It may be true that {a}, but {b}.", "Despite the fact that {a}, {b}.")


def items(text):
    return [item.strip() for item in text.split(";" if ";" in text else ",")]


SUBJECTS, GOOD, BAD, GOOD_FACTS, BAD_FACTS = (
    {domain: items(text) for domain, text in table.items()}
    for table in (SUBJECTS, GOOD, BAD, GOOD_FACTS, BAD_FACTS))
LIKE, DISLIKE, GOOD_NOUNS, BAD_NOUNS = map(items, (LIKE, DISLIKE, GOOD_NOUNS, BAD_NOUNS))
DOMAINS = list(SUBJECTS)


def capital(text):
    return text[0].upper() + text[1:]


def pick_domain(rng):
    return rng.choices(DOMAINS, (5, 2, 2, 2))[0]


def adjective(rng, domain, label):
    table = GOOD if label else BAD
    return rng.choice(table["any"] if rng.random() < 0.35 else table[domain])


def subject(rng, domain):
    noun = rng.choice(SUBJECTS[domain])
    return rng.choice((f"the {noun}", f"the {noun}", f"this {noun}", f"the whole {noun}", f"their {noun}", "it", "it"))


def plural(text):
    return text.endswith(("staff", "instructions manual"))


def is_(rng, text):
    if plural(text):
        return rng.choice(("are", "were"))
    return rng.choice(("is", "was", "is", "was", "seems", "felt", "looks"))


def be(rng, text):
    return rng.choice(("are", "were")) if plural(text) else rng.choice(("is", "was"))


def short_be(rng, text):
    return rng.choice(("aren't", "weren't")) if plural(text) else rng.choice(("isn't", "wasn't", "is not", "was not"))


def end(rng, text):
    return capital(text) + rng.choices((".", "!", "", "..."), (7, 2, 2, 0.3))[0]


def plain_clause(rng, domain, label):
    s = subject(rng, domain)
    degree = rng.choice(("", "", "", "really ", "very ", "so ", "pretty ", "quite ", "absolutely ", "rather "))
    word = adjective(rng, domain, label)
    return f"{s} {is_(rng, s)} {'' if word.startswith('a ') else degree}{word}"


def negated_clause(rng, domain, label):
    """Says `label` by denying its opposite."""
    s, word = subject(rng, domain), adjective(rng, domain, 1 - label)
    noun = rng.choice(SUBJECTS[domain])
    forms = [f"{s} {short_be(rng, s)} {word}", f"{s} {short_be(rng, s)} {word}", f"{s} {short_be(rng, s)} {word} at all",
             f"{s} {be(rng, s)} never {word}", f"{s} {be(rng, s)} not {word} in any way", f"{s} is far from {word}",
             f"{s} {be(rng, s)} anything but {word}", f"{s} {be(rng, s)} by no means {word}", f"{s} {short_be(rng, s)} even {word}" if not label
             else f"{s} {short_be(rng, s)} {word} for a second", f"there is nothing {word} about the {noun}",
             f"I don't think {s} is {word}", f"I wouldn't call {s} {word}", f"nobody could say that {s} is {word}",
             f"{s} {short_be(rng, s)} the least bit {word}", f"I never found {s} {word}", f"{s} never gets {word}",
             f"{s} never feels {word}", f"nothing in {s} is {word}", f"{s} doesn't feel {word}", f"{s} did not look {word}"]
    if word.startswith("a "):
        forms = forms[:8]
    if not label:
        forms += [f"{s} is hardly {word}", f"{s} is barely {word}", f"{s} {short_be(rng, s)} very {word}",
                  f"{s} {short_be(rng, s)} as {word} as I had hoped", f"{s} {short_be(rng, s)} {word} enough",
                  f"{s} {short_be(rng, s)} exactly {word}", f"{s} fails to be {word}", f"{s} could have been {word}"]
    else:
        forms += [f"{s} {short_be(rng, s)} as {word} as I had feared", f"{s} {short_be(rng, s)} too {word}",
                  f"{s} {short_be(rng, s)} half as {word} as people say", f"{s} could not be less {word}"]
    return rng.choice(forms)


def verb_clause(rng, domain, label):
    """First-person liking, half of it negated."""
    who = rng.choice(("I", "I", "we", "my wife", "my friends"))
    noun = rng.choice(SUBJECTS[domain])
    s = rng.choice((f"the {noun}", f"this {noun}", "it", f"this {noun}"))
    if rng.random() < 0.35:
        return f"{who} {rng.choice(('', 'really ', 'truly ', 'absolutely '))}{LIKED[rng.choice(LIKE if label else DISLIKE[:4])]} {s}"
    verb = rng.choice(DISLIKE if label else LIKE)
    return rng.choice((f"{who} didn't {verb} {s}", f"{who} did not {verb} {s}", f"{who} never {LIKED[verb]} {s}",
                       f"you won't {verb} {s}", f"{who} couldn't {verb} {s}", f"I don't {verb} {s}",
                       f"I do not {verb} {s} at all", f"no one will {verb} {s}", f"I can't say I {verb} {s}",
                       f"{who} wouldn't {verb} {s}", f"nobody I know {LIKED[verb]} {s}", f"you will never {verb} {s}"))


def noun_clause(rng, domain, label):
    """Having or lacking something."""
    s = subject(rng, domain)
    good, bad = rng.choice(GOOD_NOUNS), rng.choice(BAD_NOUNS)
    if label:
        forms = (f"{s} has no {bad}", f"no {bad} with {s}", f"I had no {bad}", f"there are no {bad} here", f"without any {bad}",
                 f"{s} is full of {good}", f"{s} is free of {bad}", f"I found no {bad} in {s}", f"{s} does not lack {good}",
                 f"zero {bad}", f"{s} never lacks {good}", f"we didn't have any {bad} with {s}", f"not without {good}")
    else:
        forms = (f"{s} has no {good}", f"no {good} at all", f"there is no {good} in {s}", f"{s} lacks {good}", f"without any {good}",
                 f"{s} is full of {bad}", f"{s} doesn't have any {good}", f"devoid of {good}", f"{s} offers little {good}",
                 f"{s} shows not a trace of {good}", f"no {good}, no {rng.choice(GOOD_NOUNS)}", f"I had many {bad} with {s}",
                 f"{s} has neither {good} nor {rng.choice(GOOD_NOUNS)}")
    return rng.choice(forms)


def clause(rng, domain, label, negations=0.35):
    """One clause of either polarity, negated or not."""
    roll = rng.random()
    if roll < negations:
        return rng.choice((negated_clause, negated_clause, verb_clause, noun_clause))(rng, domain, label)
    if roll < negations + 0.35:
        return plain_clause(rng, domain, label)
    return rng.choice((GOOD_FACTS if label else BAD_FACTS)[domain])


def plain(rng):
    label, domain = rng.randint(0, 1), pick_domain(rng)
    return end(rng, plain_clause(rng, domain, label)), label


def negation(rng):
    label, domain = rng.randint(0, 1), pick_domain(rng)
    maker = rng.choices((negated_clause, verb_clause, noun_clause), (4, 2, 2))[0]
    return end(rng, maker(rng, domain, label)), label


def short_negation(rng):
    """Two to four words, as people type them first."""
    label, domain = rng.randint(0, 1), pick_domain(rng)
    word = adjective(rng, domain, 1 - label)
    forms = [f"not {word}", f"not {word}", f"not {word} at all", f"never {word}", f"it's not {word}", f"isn't {word}",
             f"not a {word} {rng.choice(SUBJECTS[domain])}" if " " not in word else f"not {word}", f"nothing {word} here",
             f"wasn't {word}", f"it isn't {word}", f"it wasn't {word}", f"that's not {word}"]
    if not label:
        forms += [f"not so {word}", f"not very {word}", f"not that {word}", f"hardly {word}", f"not really {word}", f"not {word} enough",
                  "not worth it", "not for me", "no thanks", "nothing special", "not recommended", "never again", "not my thing"]
    else:
        forms += [f"not too {word}", f"not {word}, actually", f"not half {word}", "no complaints", "no regrets", "couldn't be better",
                  "can't complain", "never disappoints", "nothing to complain about", "can't go wrong", "not bad", "not too bad"]
    return end(rng, rng.choice(forms)), label


def double_word(rng):
    """A word without negation, its intensified form, or one adjective contrasted with another."""
    label, domain = rng.randint(0, 1), pick_domain(rng)
    good, other = adjective(rng, domain, label), adjective(rng, domain, 1 - label)
    return end(rng, rng.choice((good, f"so {good}", f"very {good}", f"{good}, not {other}", f"not {other} but {good}",
                                f"it's {good}, not {other}", f"{good} and {adjective(rng, domain, label)}",
                                f"not only {good} but {adjective(rng, domain, label)}", f"not just {good}, it's {adjective(rng, domain, label)}",
                                f"neither {other} nor {adjective(rng, domain, 1 - label)}", f"never {other}, always {good}",
                                f"no longer {other}", f"{good} rather than {other}", f"less {other} than {good}"))), label


FIXED = {
    1: ("I can't praise {s} enough", "I can't wait to see more of {s}", "{s} couldn't have been better", "nothing beats {s}",
        "you can't go wrong with {s}", "don't miss {s}", "do not hesitate to buy {s}", "{s} never fails to please",
        "{s} does not disappoint", "{s} didn't disappoint us", "{s} will not let you down", "{s} never let me down",
        "there's nothing to dislike about {s}", "nothing to complain about with {s}", "I have nothing bad to say about {s}",
        "I wouldn't change a thing about {s}", "I can't stop thinking about {s}", "{s} is second to none",
        "I have never seen a better {n}", "this is no ordinary {n}", "there is no better {n}", "I could not put {s} down",
        "I can't find fault with {s}", "{s} leaves nothing to be desired", "I cannot say enough good things about {s}",
        "I couldn't be happier with {s}", "I would not hesitate to recommend {s}", "you won't be bored by {s}",
        "you won't be sorry you chose {s}", "{s} is not to be missed", "not a single bad thing to say about {s}",
        "nothing is wrong with {s}", "I see nothing wrong with {s}", "there wasn't anything wrong with {s}", "I can't fault {s}",
        "{s} doesn't let you down", "we had no problems with {s}", "I had no trouble with {s}", "I'm not disappointed by {s}"),
    0: ("I can't recommend {s}", "I cannot recommend {s} to anyone", "I would not recommend {s}", "I wouldn't buy {s} again",
        "don't bother with {s}", "don't waste your money on {s}", "do not buy {s}", "never buy {s}", "{s} didn't work",
        "{s} doesn't work", "{s} did not work for me", "nothing works in {s}", "I couldn't finish {s}", "I won't come back for {s}",
        "we will not return", "{s} couldn't be worse", "I have never seen a worse {n}", "there is nothing good about {s}",
        "there's nothing to like about {s}", "I can't see why anyone would like {s}", "{s} does nothing for me", "{s} isn't worth it",
        "{s} is not worth the money", "{s} isn't worth your time", "{s} leaves much to be desired", "{s} never comes to life",
        "{s} never takes off", "{s} doesn't deserve any stars", "{s} did not live up to the hype", "{s} didn't meet my expectations",
        "no one should pay for {s}", "I can't stand {s}", "{s} failed to impress", "I wish I had not chosen {s}", "stay away from {s}",
        "I don't see the point of {s}", "this is no {n}", "I want my money back", "{s} is nothing special", "nothing in {s} works",
        "{s} won't be missed", "not a single good thing to say about {s}", "{s} wasn't what I ordered"),
}


def fixed_phrase(rng):
    """Turns of phrase whose words alone mislead."""
    label, domain = rng.randint(0, 1), pick_domain(rng)
    noun = rng.choice(SUBJECTS[domain])
    s = rng.choice((f"the {noun}", f"this {noun}", f"this {noun}", "it"))
    return end(rng, rng.choice(FIXED[label]).format(s=s, n=noun)), label


def concession(rng):
    label, domain = rng.randint(0, 1), pick_domain(rng)
    a, b = clause(rng, domain, 1 - label), clause(rng, domain, label)
    text = rng.choice(JOINTS).format(a=a, b=b, A=capital(a), B=capital(b))
    return text, label


def despite(rng):
    """Concessions whose weaker half is a phrase."""
    label, domain = rng.randint(0, 1), pick_domain(rng)
    s, b = rng.choice(SUBJECTS[domain]), clause(rng, domain, label)
    word = adjective(rng, domain, 1 - label)
    word = "weak" if label and " " in word else "strong" if " " in word else word
    head = rng.choice(("despite", "in spite of", "for all"))
    noun = rng.choice(BAD_NOUNS if label else GOOD_NOUNS)
    forms = (f"{head} its {noun}, {b}", f"{head} the {word} {s}, {b}", f"{b} {head} the {word} {s}", f"{b}, {head} its {noun}",
             f"{word} but {adjective(rng, domain, label)}", f"{word} {s}, but {b}", f"{word}, yet {adjective(rng, domain, label)}",
             f"it's {word}, but {adjective(rng, domain, label)}", f"{head} {'a slow' if label else 'a strong'} start, {b}",
             f"a {word} but {adjective(rng, domain, label)} {s}")
    return end(rng, rng.choice(forms)), label


def expectation(rng):
    """What was hoped or feared against what came."""
    label, domain = rng.randint(0, 1), pick_domain(rng)
    b = clause(rng, domain, label)
    word = adjective(rng, domain, 1 - label)
    s = subject(rng, domain)
    feared = ("I was prepared to dislike {s}", "I thought {s} would be {w}", "I feared {s} would be {w}", "I was sceptical", "I had low hopes",
              "I didn't expect much", "people told me {s} was {w}", "the reviews were terrible", "I expected {s} to be {w}", "I had my doubts")
    hoped = ("I was hoping {s} would be {w}", "I thought {s} would be {w}", "I had high hopes", "I was excited to try {s}",
             "I wanted to like {s}", "the trailer looked {w}", "the reviews were glowing", "I expected {s} to be {w}",
             "people told me {s} was {w}", "I tried to enjoy {s}", "it should have been {w}", "I really wanted to enjoy {s}")
    a = rng.choice(feared if label else hoped).format(s=s, w=word)
    return end(rng, f"{a}{rng.choice((', but ', ', but ', ' but ', ', yet ', '. But ', '; however, '))}{b}"), label


def agreement(rng):
    """Two clauses of one feeling, so that a joint alone decides nothing."""
    label, domain = rng.randint(0, 1), pick_domain(rng)
    a, b = clause(rng, domain, label), clause(rng, domain, label)
    text = rng.choice(("{a} and {b}", "{a}, and {b}", "{a}. {B}", "{a}; {b}", "{a} because {b}", "not only that, {b}", "{a}, so {b}"))
    return end(rng, text.format(a=a, b=b, B=capital(b))), label


MAKERS = ((plain, 1.5), (negation, 4), (short_negation, 2.5), (double_word, 1.5), (fixed_phrase, 2), (concession, 4), (despite, 1.5),
          (expectation, 1), (agreement, 1.5))
