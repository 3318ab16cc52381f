"""Where the demo company works: this module is its offices, with their zones, languages and local names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One office; `zone_label` and `zone_offset` (seconds, winter) are as Slack tells them."""

    name: str
    country: str
    region: str
    zone: str
    zone_label: str
    zone_offset: int
    language: str
    locale: str
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_PT_FIRST = _words(
    "Ana Inês Rita Sofia Beatriz Catarina Joana Mariana Teresa Leonor Carolina Filipa Matilde Diana Helena Tiago Rui"
    " João Pedro Miguel Gonçalo Nuno Duarte André Vasco Bruno Ricardo Hugo Luís Francisco Bernardo Telmo"
)
_PT_LAST = _words(
    "Almeida Fernandes Carvalho Ferreira Gomes Lopes Marques Martins Mendes Moreira Neves Oliveira Pereira Pinto"
    " Ramos Ribeiro Rodrigues Santos Silva Sousa Tavares Teixeira Vieira Figueiredo Antunes Correia Baptista Nogueira"
)
_DE_FIRST = _words(
    "Anja Greta Katrin Lena Miriam Sabine Jule Franziska Elif Aylin Heike Marlene Svenja Nele Henrik Jonas Lukas"
    " Matthias Florian Emre Stefan Tobias Uwe Moritz Paul Felix Jannik Deniz Sören Björn"
)
_DE_LAST = _words(
    "Vogt Schneider Fischer Weber Wagner Becker Hoffmann Schäfer Koch Richter Klein Wolf Neumann Schwarz Zimmermann"
    " Krüger Hartmann Lange Werner Krause Lehmann Yılmaz Demir Aydın Köhler König Böhm Winkler"
)
_GB_FIRST = _words(
    "Olivia Charlotte Priya Zara Amelia Hannah Fiona Imogen Nadia Gemma Bethan Ruth Eleanor Samuel Oliver Callum"
    " Rhys Dev Marcus Ewan Tom Adeel Theo Gareth Isaac Nathan Lewis Kwame"
)
_GB_LAST = _words(
    "Okoro Whitfield Ahmed Bennett Clarke Davies Edwards Foster Griffiths Hughes Khan Lawson Morgan Nair Osborne"
    " Palmer Quigley Reid Shah Thornton Underwood Walsh Begum MacLeod Achebe Pritchard"
)
_AE_FIRST = _words(
    "Aisha Fatima Layla Mariam Noor Reem Salma Yasmin Hessa Dina Rania Amir Omar Khalid Yusuf Tariq Hamad Rashid Bilal"
    " Faisal Karim Imran Sami Ziad Joseph Rohan"
)
_AE_LAST = _words(
    "Haddad Rahman Mansour Farouk Aziz Khoury Nasser Saleh Qureshi Hashmi Darwish Hamdan Sabbagh Younis Zaman"
    " Malik Fernando Thomas Menon Iqbal Barakat Shamsi"
)
_IN_FIRST = _words(
    "Meera Ananya Divya Kavya Lakshmi Nandini Pooja Shreya Sneha Vidya Deepa Aditi Swathi Fathima Arjun Sandeep Karthik"
    " Rahul Vikram Manoj Suresh Aditya Naveen Pranav Rohit Siddharth Varun Ganesh Imtiaz Joel"
)
_IN_LAST = _words(
    "Iyer Rao Reddy Menon Krishnan Shetty Gowda Kulkarni Bhat Hegde Nambiar Pillai Sharma Gupta Das Mukherjee Banerjee"
    " Joshi Patil Deshpande Srinivasan Thomas D'Souza Kapoor Verma Khan"
)
_US_FIRST = _words(
    "Dana Grace Emily Jasmine Nicole Rachel Tamika Maria Lauren Sophie Destiny Kayla Marcus Andre Brian Carlos Derek"
    " Ethan Isaiah Kevin Luis Malik Noah Vincent Tyrone Wesley"
)
_US_LAST = _words(
    "Ortiz Johnson Williams Brown Rivera Cohen Nguyen Jackson Kim Murphy Bianchi Washington Rosen Patel Sullivan"
    " Ramirez Chen Baker Coleman Greene Hayes Kowalski Lee Morales Price"
)
_BR_FIRST = _words(
    "Camila Juliana Fernanda Larissa Patrícia Bianca Letícia Aline Luana Renata Tainá Vitória Thiago Rafael Gustavo"
    " Felipe Leandro Caio Rodrigo Vinícius Marcelo Eduardo Henrique Danilo Otávio Wagner"
)
_BR_LAST = _words(
    "Rocha Souza Lima Barbosa Cardoso Nascimento Araújo Batista Freitas Moura Azevedo Campos Duarte Farias Guimarães"
    " Machado Monteiro Nakamura Prado Queiroz Sales Teles Viana Xavier"
)
_JP_FIRST = _words(
    "Keiko Yuki Haruka Aoi Misaki Emi Naomi Sakura Rina Tomoko Kenji Hiroshi Takumi Daichi Shota Kaito Ryo Satoshi"
    " Yuto Makoto Naoki Akira"
)
_JP_LAST = _words(
    "Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakagawa Kobayashi Kato Yoshida Yamada Sasaki Matsumoto Inoue"
    " Kimura Hayashi Shimizu Mori Abe"
)
_KE_FIRST = _words(
    "Grace Wanjiku Achieng Faith Mercy Njeri Amina Esther Zawadi Joy Brian Kevin Otieno Kamau Mwangi Daniel Juma"
    " Kipchoge Peter Victor Hassan Moses"
)
_KE_LAST = _words(
    "Wambui Odhiambo Mutua Kariuki Njoroge Ochieng Kiptoo Cheruiyot Maina Omondi Hussein Barasa Wekesa Muthoni Gitau"
    " Chebet Simiyu Abdi Korir Owino"
)

LISBON = Place(
    "Lisbon", "PT", "Europe", "Europe/Lisbon", "Western European Time", 0, "pt", "pt-PT", _PT_FIRST, _PT_LAST
)
PORTO = Place("Porto", "PT", "Europe", "Europe/Lisbon", "Western European Time", 0, "pt", "pt-PT", _PT_FIRST, _PT_LAST)
BERLIN = Place(
    "Berlin", "DE", "Europe", "Europe/Berlin", "Central European Time", 3600, "de", "de-DE", _DE_FIRST, _DE_LAST
)
LONDON = Place("London", "GB", "Europe", "Europe/London", "Greenwich Mean Time", 0, "en", "en-GB", _GB_FIRST, _GB_LAST)
DUBAI = Place(
    "Dubai",
    "AE",
    "Middle East and Africa",
    "Asia/Dubai",
    "Gulf Standard Time",
    14400,
    "ar",
    "en-GB",
    _AE_FIRST,
    _AE_LAST,
)
NAIROBI = Place(
    "Nairobi",
    "KE",
    "Middle East and Africa",
    "Africa/Nairobi",
    "East Africa Time",
    10800,
    "en",
    "en-GB",
    _KE_FIRST,
    _KE_LAST,
)
BENGALURU = Place(
    "Bengaluru",
    "IN",
    "Asia Pacific",
    "Asia/Kolkata",
    "India Standard Time",
    19800,
    "en",
    "en-GB",
    _IN_FIRST,
    _IN_LAST,
)
TOKYO = Place(
    "Tokyo", "JP", "Asia Pacific", "Asia/Tokyo", "Japan Standard Time", 32400, "ja", "ja-JP", _JP_FIRST, _JP_LAST
)
NEW_YORK = Place(
    "New York",
    "US",
    "Americas",
    "America/New_York",
    "Eastern Standard Time",
    -18000,
    "en",
    "en-US",
    _US_FIRST,
    _US_LAST,
)
SAO_PAULO = Place(
    "São Paulo",
    "BR",
    "Americas",
    "America/Sao_Paulo",
    "Brasilia Standard Time",
    -10800,
    "pt-BR",
    "pt-BR",
    _BR_FIRST,
    _BR_LAST,
)
PLACES = (LISBON, PORTO, BERLIN, LONDON, DUBAI, NAIROBI, BENGALURU, TOKYO, NEW_YORK, SAO_PAULO)
