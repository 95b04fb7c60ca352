"""Chinese clauses, negations and concessions for `templates.sample`.

Every maker takes a random generator and returns (text, label): 0 negative, 1 positive.
"""

SUBJECTS = {
    "film": "电影 影片 剧情 故事 演技 演员 导演 剧本 结局 台词 音乐 画面 主角 特效 书 小说 作者 电视剧 情节 节奏",
    "product": "手机 平板 电脑 屏幕 电池 衣服 裤子 质量 做工 包装 物流 快递 客服 洗发水 热水器 东西 价格 颜色 款式 声音 键盘",
    "hotel": "酒店 房间 服务 服务员 前台 早餐 位置 床 卫生间 环境 隔音 空调 网络 浴室 态度",
    "food": "味道 菜 饭 外卖 送餐 水果 苹果 口感 汤 披萨 牛奶 分量 肉 面条 奶茶 餐厅 蛋糕 橙子",
}
GOOD = {
    "any": "好 很好 棒 满意 出色 完美 优秀 舒服 精致 靠谱 让人满意 让人喜欢 给力 赞 理想",
    "film": "好看 精彩 感人 有趣 有意思 搞笑 动人 紧凑 吸引人 真实 震撼 幽默 深刻 耐看 温暖 新颖 经典 出彩 自然 好听",
    "product": "好用 实惠 漂亮 结实 耐用 流畅 方便 划算 便宜 柔软 合身 清晰 快 正品 好看 实用 轻便 省电 细致 专业",
    "hotel": "干净 安静 热情 舒适 宽敞 方便 周到 整洁 温馨 贴心 明亮 友好 安全 耐心 豪华 丰富",
    "food": "好吃 新鲜 可口 甜 美味 好喝 香 嫩 足 地道 脆 干净 入味 爽口 便宜",
}
BAD = {
    "any": "差 糟糕 失望 烂 恶心 坑人 垃圾 让人失望 离谱 无语 麻烦 令人不满 一般 糟心",
    "film": "难看 无聊 沉闷 拖沓 空洞 老套 尴尬 乏味 俗套 做作 狗血 混乱 平淡 幼稚 假 冗长 生硬 肤浅 闷 无趣",
    "product": "难用 贵 慢 卡 旧 粗糙 破 脏 难闻 重 模糊 廉价 坏 假 薄 掉色 不值 发烫 难看 费电",
    "hotel": "脏 吵 冷淡 破旧 小 恶劣 潮湿 昏暗 难闻 偏僻 冷 差劲 贵 简陋 粗暴 混乱",
    "food": "难吃 酸 油腻 咸 冷 硬 腥 难喝 少 苦 烂 慢 淡 贵 腻 臭 干 糊",
}
DEGREE = "很 非常 真的很 特别 挺 蛮 相当 实在 确实 比较 超级 十分"
GOOD_NOUNS = "优点 亮点 新意 诚意 特色 惊喜 味道 深度 笑点 性价比 感情 灵魂 水平 内涵 可取之处 好印象"
BAD_NOUNS = "缺点 问题 毛病 异味 瑕疵 遗憾 不满 噪音 差错 破损 麻烦 怨言 色差 坏处 质量问题 卡顿"
GOOD_FACTS = {
    "film": "演技很棒;结局很感人;笑点很多;画面很美;我看哭了;值得一看;想再看一遍;演员救了整部戏;越看越上瘾;音乐特别好听;全程没有尿点;强烈推荐;"
            "每个角色都很真实;让人回味无穷",
    "product": "用着很顺手;做工很精细;性价比很高;下次还会买;物美价廉;客服很耐心;穿着很舒服;家人都很喜欢;物流很快;值得购买;一直在用;效果特别好;运行很流畅;会推荐给朋友",
    "hotel": "服务很热情;睡得很香;下次还会住;早餐很丰富;前台帮我们升级了房间;交通很方便;住得很舒服;房间很干净;离地铁很近;服务员很贴心;感觉像回家一样",
    "food": "味道很棒;分量很足;下次还会点;送得很快;吃得很满足;水果很新鲜;汤特别好喝;孩子很喜欢吃;味道没得说;肉质很嫩;还会回购",
}
BAD_FACTS = {
    "film": "剧情一塌糊涂;我看睡着了;结局烂尾;浪费时间;逻辑混乱;演员像在念台词;看了一半就走了;情节太假;故事讲不清楚;后悔买票;台词很尴尬;毫无逻辑;浪费了好演员",
    "product": "用了一天就坏了;收到就是坏的;退货还要自己出运费;客服不理人;电池一会儿就没电;洗了就掉色;线头很多;一股怪味;经常死机;后悔买了;包装都烂了;少发了一件;再也不买了;明显是假货",
    "hotel": "一晚上没睡着;房间有霉味;服务员爱理不理;空调是坏的;厕所漏水;下次不会住了;隔音很差;早餐没什么可吃的;床单有污渍;热水都没有;前台态度恶劣",
    "food": "送来都凉了;吃完拉肚子;等了两个小时;肉是臭的;里面有头发;太咸了;少送了一份;水果都烂了;再也不点了;味道很怪;根本没法吃;送错了也不道歉",
}
# {a} gives way, {b} is the main clause.
JOINTS = ("虽然{a}，但是{b}", "虽然{a}，但{b}", "虽然{a}，不过{b}", "虽然{a}，可是{b}", "虽说{a}，但{b}", "尽管{a}，{b}", "尽管{a}，但是{b}",
          "{a}，但{b}", "{a}，但是{b}", "{a}，不过{b}", "{a}，可是{b}", "{a}，可{b}", "{a}，然而{b}", "{a}，却{b}", "{a}，只是{b}", "{a}。但是{b}",
          "{a}，但总的来说{b}", "{a}，不过总体{b}", "{a} 但是{b}", "即使{a}，{b}", "{b}，虽然{a}", "{b}，尽管{a}", "就算{a}，也还是{b}")


def items(text):
    return [item.strip() for item in text.split(";" if ";" in text else None)]


SUBJECTS, GOOD, BAD, GOOD_FACTS, BAD_FACTS = (
    {domain: items(text) for domain, text in table.items()}
    for table in (SUBJECTS, GOOD, BAD, GOOD_FACTS, BAD_FACTS))
DEGREE, GOOD_NOUNS, BAD_NOUNS = map(items, (DEGREE, GOOD_NOUNS, BAD_NOUNS))
DOMAINS = list(SUBJECTS)


def pick_domain(rng):
    return rng.choices(DOMAINS, (4, 3, 2, 3))[0]


def adjective(rng, domain, label):
    table = GOOD if label else BAD
    return rng.choice(table["any"] if rng.random() < 0.25 else table[domain])


def subject(rng, domain):
    noun = rng.choice(SUBJECTS[domain])
    return rng.choice((noun, noun, noun, f"这个{noun}", f"这{noun}", f"他们家的{noun}", f"整个{noun}", ""))


def end(rng, text):
    return text + rng.choices(("", "。", "！", "，", "~"), (4, 4, 2, 0.3, 0.2))[0]


def plain_clause(rng, domain, label):
    word, s = adjective(rng, domain, label), subject(rng, domain)
    if word.startswith("很"):
        return s + word
    return rng.choice((f"{s}{rng.choice(DEGREE)}{word}", f"{s}{rng.choice(DEGREE)}{word}", f"{s}太{word}了", f"{s}真{word}",
                       f"{s}好{word}" if not word.startswith("好") else f"{s}真是{word}", f"{s}{word}", f"{s}还是{word}的", f"{s}{word}极了"))


def negated_clause(rng, domain, label):
    """Says `label` by denying its opposite."""
    word, s = adjective(rng, domain, 1 - label).removeprefix("很"), subject(rng, domain)
    forms = [f"{s}不{word}", f"{s}不{word}", f"{s}并不{word}", f"{s}一点都不{word}", f"{s}一点也不{word}", f"{s}不是很{word}",
             f"{s}不算{word}", f"{s}没有想象中那么{word}", f"{s}没有想象的{word}", f"{s}没那么{word}", f"{s}从来不{word}", f"{s}根本不{word}",
             f"{s}完全不{word}", f"{s}不会{word}", f"{s}谈不上{word}", f"{s}没有大家说的那么{word}", f"不觉得{s}{word}", f"{s}丝毫不{word}"]
    if not label:
        forms += [f"{s}不怎么{word}", f"{s}不太{word}", f"{s}不够{word}", f"{s}不{word}", f"{s}没有以前{word}", f"{s}哪里{word}了", f"{s}算不上{word}"]
    else:
        forms += [f"{s}也不{word}", f"{s}倒不{word}", f"{s}不至于{word}", f"{s}毫不{word}"]
    return rng.choice(forms)


def noun_clause(rng, domain, label):
    """Having or lacking something."""
    s, good, bad = subject(rng, domain), rng.choice(GOOD_NOUNS), rng.choice(BAD_NOUNS)
    if label:
        forms = (f"{s}没有{bad}", f"{s}没有什么{bad}", f"{s}没{bad}", f"{s}没有一点{bad}", f"没发现{s}有{bad}", f"{s}挑不出{bad}", f"{s}毫无{bad}",
                 f"{s}很有{good}", f"{s}{good}很多", f"{s}不缺{good}", f"{s}从没出过{bad}", f"{s}不存在{bad}", f"找不到{s}的{bad}")
    else:
        forms = (f"{s}没有{good}", f"{s}没有任何{good}", f"{s}没{good}", f"{s}毫无{good}", f"{s}缺乏{good}", f"看不出{s}有什么{good}", f"{s}没有一点{good}",
                 f"{s}{bad}很多", f"{s}有{bad}", f"{s}一点{good}都没有", f"{s}全是{bad}", f"{s}找不到{good}", f"{s}谈不上有{good}")
    return rng.choice(forms)


FIXED = {
    1: ("{s}不错", "{s}很不错", "{s}还不错", "{s}真不错", "{s}相当不错", "{s}非常不错", "{s}挺不错的", "{s}不赖", "{s}还不赖", "{s}不差", "{s}不失望", "{s}没让我失望",
        "{s}没有让人失望", "{s}从不让人失望", "{s}从来没失望过", "不后悔买了{s}", "买{s}不会后悔", "选{s}不后悔", "{s}没话说", "{s}没得说", "{s}没毛病", "{s}无可挑剔",
        "{s}没什么可挑剔的", "{s}挑不出毛病", "{s}好得没话说", "{s}不能再好了", "没有比这更好的{n}了", "没见过这么好的{n}", "{s}不输大牌", "{s}不比别家差", "{s}百看不厌",
        "{s}百吃不腻", "{s}名不虚传", "{s}不愧是大牌", "{s}不踩雷", "{s}不用担心", "不得不说{s}很好", "{s}好得不得了", "{s}让人忍不住想再来一次", "{s}物超所值", "不推荐都不行",
        "{s}一点问题都没有", "{s}不虚此行", "错过{s}太可惜", "{s}比想象中好", "{s}没有想象中差", "{s}不但好而且便宜", "不可多得的好{n}", "{s}爱不释手", "{s}非买不可",
        "客服不嫌麻烦", "{s}差不了", "{s}不会差", "{s}永不过时", "不用犹豫，{s}值得"),
    0: ("{s}不好", "{s}很不好", "{s}不行", "{s}真不行", "{s}不怎么样", "{s}真不怎么样", "{s}不怎么好", "{s}不值", "{s}不值这个价", "{s}不推荐", "不推荐{s}", "不建议买{s}",
        "大家别买{s}", "千万不要买{s}", "不会再买{s}", "再也不买了", "再也不来了", "再也不会点了", "下次不会再来", "不会有下次了", "{s}没什么好的", "{s}没什么意思", "{s}没意思",
        "{s}不如以前", "{s}不如别家", "{s}没有别人说的那么好", "{s}没有想象中好", "{s}没有想象的那么好", "{s}好什么好", "{s}不能再差了", "没有比这更差的{n}了", "没见过这么差的{n}",
        "{s}不满意", "{s}很不满意", "{s}不喜欢", "我不喜欢{s}", "{s}没法用", "{s}用不了", "{s}没效果", "{s}不敢恭维", "{s}看不下去", "{s}吃不下去", "{s}喝不下去", "{s}让人受不了",
        "{s}好难看", "{s}好难吃", "{s}好差", "{s}好失望", "{s}好吵", "{s}说不上好", "{s}名不副实", "{s}得不偿失", "{s}不新鲜", "{s}不干不净", "{s}不值得", "{s}不合格",
        "{s}不负责任", "{s}毫无用处", "不要相信{s}", "{s}没有传说中的好"),
}


def fixed_phrase(rng):
    """Turns of phrase whose characters alone mislead."""
    label, domain = rng.randint(0, 1), pick_domain(rng)
    text = rng.choice(FIXED[label]).format(s=subject(rng, domain), n=rng.choice(SUBJECTS[domain]))
    return end(rng, text), label


def clause(rng, domain, label, negations=0.35):
    """One clause of either polarity, negated or not."""
    roll = rng.random()
    if roll < negations * 0.7:
        return rng.choice((negated_clause, negated_clause, noun_clause))(rng, domain, label)
    if roll < negations:
        return rng.choice(FIXED[label]).format(s=subject(rng, domain), n=rng.choice(SUBJECTS[domain]))
    if roll < negations + 0.35:
        return plain_clause(rng, domain, label)
    return rng.choice((GOOD_FACTS if label else BAD_FACTS)[domain])


def plain(rng):
    label, domain = rng.randint(0, 1), pick_domain(rng)
    return end(rng, plain_clause(rng, domain, label)), label


def negation(rng):
    label, domain = rng.randint(0, 1), pick_domain(rng)
    return end(rng, rng.choices((negated_clause, noun_clause), (4, 2))[0](rng, domain, label)), label


def concession(rng):
    label, domain = rng.randint(0, 1), pick_domain(rng)
    text = rng.choice(JOINTS).format(a=clause(rng, domain, 1 - label), b=clause(rng, domain, label))
    return end(rng, text), label


def exception(rng):
    """"Except for …": what is excepted gives way."""
    label, domain = rng.randint(0, 1), pick_domain(rng)
    s, word = subject(rng, domain), adjective(rng, domain, 1 - label)
    if label:
        rest = rng.choice(("其他都很好", "别的都没问题", "其它方面都不错", "整体很满意", "其他挺满意的", "没有别的毛病", "其余都好", clause(rng, domain, 1)))
    else:
        rest = rng.choice(("其他都很差", "别的一无是处", "其它方面都不行", "没什么好的", "没有任何亮点", "其余都很烂", "就没有可取之处了", clause(rng, domain, 0)))
    return end(rng, rng.choice((f"除了{s}{word}，{rest}", f"除了{s}有点{word}，{rest}" if label else f"除了{s}还算{word}，{rest}",
                                f"除了{s}{word}之外，{rest}", f"就是{s}{word}，{rest}" if label else f"也就{s}{word}，{rest}"))), label


def small_flaw(rng):
    """有点 and 了点 soften what gives way; 越来越 tells where it goes."""
    label, domain = rng.randint(0, 1), pick_domain(rng)
    noun, s = rng.choice(SUBJECTS[domain]), subject(rng, domain)
    good, bad = adjective(rng, domain, 1).removeprefix("很"), adjective(rng, domain, 0)
    if label:
        a = rng.choice((f"{noun}{bad}了点", f"{noun}有点{bad}", f"{noun}稍微有些{bad}", f"一开始{noun}有点{bad}", f"前面{noun}{bad}"))
        b = rng.choice((clause(rng, domain, 1), f"后面越来越{good}", f"{s}真的{good}", f"越用越{good}", f"越看越{good}"))
    else:
        a = rng.choice((f"{noun}还算{good}", f"{noun}看着{good}", f"{noun}是{good}", f"一开始{noun}{good}", f"前面{noun}{good}", f"{noun}倒是{good}"))
        b = rng.choice((clause(rng, domain, 0), f"后面越来越{bad}", f"{s}实在{bad}", f"越用越{bad}", f"越看越{bad}"))
    return end(rng, f"{a}，{rng.choice(('但', '但是', '不过', '可是', '可', ''))}{b}"), label


def expectation(rng):
    """What was hoped or feared against what came."""
    label, domain = rng.randint(0, 1), pick_domain(rng)
    b, word, noun = clause(rng, domain, label), adjective(rng, domain, 1 - label).removeprefix("很"), rng.choice(SUBJECTS[domain])
    if label:
        a = rng.choice((f"以为{noun}会{word}", "本来没抱期望", "开始还有点担心", f"原以为{noun}{word}", "刚开始不看好", f"听说{noun}{word}", "看评论有点犹豫", "没报什么希望"))
    else:
        a = rng.choice((f"以为{noun}会{word}", "期待了很久", "本来满怀希望", f"原以为{noun}{word}", "看评论都说好", f"听说{noun}{word}", "冲着名气买的", "朋友都推荐"))
    return end(rng, f"{a}，{rng.choice(('结果', '没想到', '但', '但是', '谁知道', '可是', '其实', '想不到'))}{b}"), label


def agreement(rng):
    """Two clauses of one feeling, so that a joint alone decides nothing."""
    label, domain = rng.randint(0, 1), pick_domain(rng)
    a, b = clause(rng, domain, label), clause(rng, domain, label)
    return end(rng, rng.choice(("{a}，{b}", "{a}，{b}", "{a}，而且{b}", "不但{a}，而且{b}", "{a}，{b}，所以{c}", "{a} {b}", "因为{a}，{b}")).format(
        a=a, b=b, c="推荐" if label else "差评")), label


MAKERS = ((plain, 2), (negation, 4), (fixed_phrase, 3), (concession, 4), (exception, 1), (small_flaw, 1.2), (expectation, 1), (agreement, 1.5))
