"""Words that say nothing of what a text is about, in the three languages; without accents, as terms are."""

from __future__ import annotations

from typing import Final


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


ENGLISH: Final = _set("""
a about after all also am an and any anybody anyone anything are as at be because been before being both but by can
cannot could couldnt did didnt do does doesnt doing done dont else ever every for from get gets give given go goes got
had has hasnt have havent having he her here hers him his how i id if ill im in into is isnt it its ive just know let
lets like ll make many may me might mine more most much must my no nor not now of off on one only onto or other our ours
out over please re s shall she should so some somebody someone something such t tell than thank thanks that thats the
their theirs them then there theres these they this those to too until up us use ve very want was wasnt we were werent
what whats when where which while who whom whose why will with without wont would wouldnt yes yet you your yours d m
""")
SPANISH: Final = _set("""
a al algo alguien algun alguna algunas alguno algunos ante antes aquel aquella aquellas aquellos aqui asi aun aunque
bajo bien cada casi como con contra cual cuales cualquier cuando cuanta cuantas cuanto cuantos da dar de debe deben
debo decir dejar del desde dime donde e el ella ellas ello ellos en entonces entre era eran eres es esa esas ese
eso esos esta estaba estan estar estas este esto estos estoy favor fue fueron ha haber habia hace hacen hacer hago han
hasta hay he hola la las le les lo los mas me mi mia mias mientras mio mis misma mismo mucha muchas mucho muchos muy
nada ni no nos nosotros nuestra nuestras nuestro nuestros o os otra otras otro otros para pero poco por porque pude
puede pueden puedo pues que quien quienes quiero saber se sean segun ser si sido siempre sin sino sobre sois
somos son soy su sus suya suyo tal tambien tan tanto te tener tengo ti tiene tienen toda todas todavia todo todos tu
tus tuya tuyo u un una unas uno unos usted ustedes va vamos vosotros voy y ya yo
""")
CHINESE: Final = _set("""
的 了 是 在 有 和 与 及 或 就 都 而 也 还 很 要 会 能 能够 可以 可 我 你 您 他 她 它 我们 你们 您们 他们 她们
它们 这 那 这个 那个 这些 那些 这里 那里 这样 那样 哪 哪个 哪些 哪里 哪儿 谁 什么 怎么 怎样 怎么样 如何 为什么
多少 几 吗 呢 吧 啊 呀 嘛 哦 么 之 其 于 从 到 对 对于 把 被 让 给 向 往 由 以 因为 所以 但 但是 如果 虽然 然后
请 请问 请告诉 告诉 想 知道 一下 一个 一些 一种 个 种 些 里 里面 上 下 中 时 时候 没有 没 不 不是 是不是 有没有
需要 应该 应当 得 地 着 过 去 来 做 用 使用 并 并且 而且 又 再 才 只 只有 最 更 比较 非常 等 等等 该 此 各 每
每个
""")
