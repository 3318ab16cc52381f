"""Task, not technology: this module weighs a text's words about features against its words about work.

The lists are short on purpose: words of menus and releases on one side, what people do all day on the other. A text is
told about only when it names several features and hardly any work.
"""

from nudges.domain.playbooks.limits import SCAN_MAX

FEATURES_MIN = 3  # fewer is naming in passing; so are these few where the text names any work at all
_FEATURES = frozenset(
    str.split(
        "feature features functionality functionalities function functions app apps platform platforms software "
        "interface ui ux button buttons click clicks clicking menu menus tab tabs icon icons toolbar toolbars "
        "setting settings option options dropdown dropdowns sidebar sidebars toggle toggles panel panels dialog "
        "popup pop-up widget widgets plugin plugins plug-in add-on add-ons integration integrations api version "
        "versions release releases update updates upgrade rollout module modules dashboard dashboards workspace "
        "workspaces notification notifications shortcut shortcuts checkbox editor editors emoji emojis gif gifs "
        "template templates formatting toolset tool tools ai-powered ai seamless seamlessly state-of-the-art "
        "cutting-edge powerful reaction reactions pins bookmark bookmarks filter filters mode threads new "
        "redesigned enhanced customisable customizable configurable configuration sync syncing funktion "
        "funktionen schaltfläche schaltflächen menü menüs symbolleiste registerkarte registerkarten einstellung "
        "einstellungen klick klicken symbol symbole oberfläche plattform anwendung erweiterung erweiterungen "
        "werkzeug benachrichtigung benachrichtigungen seitenleiste función funciones funcionalidad botón botones "
        "menú menús pestaña pestañas icono iconos ajustes configuración plataforma aplicación herramienta "
        "notificaciones interfaz fonction fonctions fonctionnalité fonctionnalités bouton boutons onglet onglets "
        "icône icônes paramètres plateforme outil função funções funcionalidades botão botões aba abas ícone "
        "ícones configurações aplicativo ferramenta notificações",
    )
)
_TASKS = frozenset(
    str.split(
        "customer customers client clients case cases question questions ask asked asking asks answer answers "
        "answered answering report reports reporting meeting meetings invoice invoices call calls calling mail "
        "mails email emails order orders colleague colleagues team teams document documents draft drafts "
        "deadline deadlines project projects handover decision decisions decide shift shifts visit visits job "
        "jobs work working offer offers price prices contract contracts delivery hours hour minutes minute "
        "morning afternoon evening day week today tomorrow monday tuesday wednesday thursday friday lunch home "
        "help helps helped search find finds found fix fixed solve solved problem problems plan plans planning "
        "review reviews approve approval sign budget expenses receipt receipts holiday handovers newcomer "
        "newcomers manager lead boss office desk phone page pages note notes write writes wrote read reads share "
        "shares agree feedback idea ideas talk line lines send sent reply replies customer's people somebody "
        "nobody story lunch time task tasks kunde kunden kundin frage fragen antwort antworten bericht berichte "
        "termin termine besprechung rechnung rechnungen anruf auftrag aufträge kollege kollegin kollegen "
        "kolleginnen arbeit stunde stunden minuten tag woche feierabend angebot vertrag cliente clientes "
        "pregunta preguntas respuesta respuestas reunión reuniones factura facturas llamada pedido pedidos "
        "compañero compañeros compañera trabajo hora horas minutos día semana equipo informe réponse réponses "
        "réunion réunions facture factures appel commande commandes collègue collègues travail heure heures jour "
        "semaine équipe rapport pergunta perguntas resposta respostas reunião reuniões fatura faturas ligação "
        "colega colegas trabalho dia equipe equipa relatório",
    )
)
_APART = str.maketrans(dict.fromkeys(".,;:!?()[]{}<>|/*_~`\"“”‘’'…&#+=0123456789", " "))


def feature_words(text: str) -> list[str]:
    """Return the words about features when they outweigh those about work, else nothing."""
    words = text[:SCAN_MAX].lower().translate(_APART).split()
    found = len(_FEATURES.intersection(words))
    if found < FEATURES_MIN:
        return []
    tasks = len(_TASKS.intersection(words))
    outweigh = found > tasks if found > FEATURES_MIN else tasks == 0
    return list(dict.fromkeys(word for word in words if word in _FEATURES)) if outweigh else []
