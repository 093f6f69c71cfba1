<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About ResShift</source>
        <translation>Über ResShift</translation>
    </message>
    <message>
        <source>&amp;Licence</source>
        <translation>&amp;Lizenz</translation>
    </message>
    <message>
        <source>Li&amp;braries</source>
        <translation>Bi&amp;bliotheken</translation>
    </message>
    <message>
        <source>Pictures that the built-in model has learnt from</source>
        <translation>Bilder, aus denen das eingebaute Modell gelernt hat</translation>
    </message>
    <message>
        <source>&amp;Pictures</source>
        <translation>Bi&amp;lder</translation>
    </message>
    <message>
        <source>ResShift {version}</source>
        <translation>ResShift {version}</translation>
    </message>
    <message>
        <source>Makes pictures larger and sharper on your own computer, which none of them leaves. Free under the Apache License 2.0.</source>
        <translation>Macht Bilder größer und schärfer, auf deinem eigenen Rechner, den keines verlässt. Frei unter der Apache-Lizenz 2.0.</translation>
    </message>
    <message>
        <source>Libraries</source>
        <translation>Bibliotheken</translation>
    </message>
    <message>
        <source>The method is ResShift by Zongsheng Yue, Jianyi Wang and Chen Change Loy (2023).</source>
        <translation>Das Verfahren ist ResShift von Zongsheng Yue, Jianyi Wang und Chen Change Loy (2023).</translation>
    </message>
    <message>
        <source>This program is made with:</source>
        <translation>Dieses Programm ist gemacht mit:</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;Open pictures…</source>
        <translation>Bilder ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>Open a &amp;folder…</source>
        <translation>&amp;Ordner öffnen …</translation>
    </message>
    <message>
        <source>&amp;Save result as…</source>
        <translation>Ergebnis &amp;speichern unter …</translation>
    </message>
    <message>
        <source>Show in fol&amp;der</source>
        <translation>Im Or&amp;dner zeigen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Copy result</source>
        <translation>Ergebnis &amp;kopieren</translation>
    </message>
    <message>
        <source>&amp;Paste picture</source>
        <translation>Bild ein&amp;fügen</translation>
    </message>
    <message>
        <source>Select &amp;all</source>
        <translation>&amp;Alles auswählen</translation>
    </message>
    <message>
        <source>&amp;Remove from the list</source>
        <translation>Aus der &amp;Liste entfernen</translation>
    </message>
    <message>
        <source>Clear &amp;finished</source>
        <translation>Fe&amp;rtige aufräumen</translation>
    </message>
    <message>
        <source>&amp;Models…</source>
        <translation>&amp;Modelle …</translation>
    </message>
    <message>
        <source>&amp;Editors…</source>
        <translation>Bildbear&amp;beitung …</translation>
    </message>
    <message>
        <source>Se&amp;ttings…</source>
        <translation>&amp;Einstellungen …</translation>
    </message>
    <message>
        <source>&amp;Upscale</source>
        <translation>&amp;Hochskalieren</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>Abbre&amp;chen</translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation>Erneut &amp;versuchen</translation>
    </message>
    <message>
        <source>Move &amp;up</source>
        <translation>Nach &amp;oben</translation>
    </message>
    <message>
        <source>Move &amp;down</source>
        <translation>Nach &amp;unten</translation>
    </message>
    <message>
        <source>Pause &amp;all</source>
        <translation>&amp;Alle anhalten</translation>
    </message>
    <message>
        <source>Paint what to &amp;fill</source>
        <translation>Zu &amp;Füllendes malen</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>Ver&amp;größern</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>&amp;Whole picture</source>
        <translation>Ganzes &amp;Bild</translation>
    </message>
    <message>
        <source>&amp;Full size (100 %)</source>
        <translation>&amp;Originalgröße (100 %)</translation>
    </message>
    <message>
        <source>O&amp;ptions beside the picture</source>
        <translation>O&amp;ptionen neben dem Bild</translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation>&amp;Vollbild</translation>
    </message>
    <message>
        <source>&amp;Copy diagnostics</source>
        <translation>&amp;Diagnose kopieren</translation>
    </message>
    <message>
        <source>&amp;About ResShift</source>
        <translation>Ü&amp;ber ResShift</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>B&amp;earbeiten</translation>
    </message>
    <message>
        <source>&amp;Picture</source>
        <translation>&amp;Bild</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Divider</source>
        <translation>&amp;Trennlinie</translation>
    </message>
    <message>
        <source>&amp;Side by side</source>
        <translation>&amp;Nebeneinander</translation>
    </message>
    <message>
        <source>&amp;Result</source>
        <translation>&amp;Ergebnis</translation>
    </message>
    <message>
        <source>I&amp;nput</source>
        <translation>E&amp;ingabe</translation>
    </message>
</context>
<context>
    <name>AdvancedChoice</name>
    <message>
        <source>&amp;Advanced</source>
        <translation>Er&amp;weitert</translation>
    </message>
    <message>
        <source>Another seed by chance</source>
        <translation>Zufällig ein anderer Startwert</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>{size} pixels</source>
        <translation>{size} Pixel</translation>
    </message>
    <message>
        <source>Dev&amp;ice</source>
        <translation>&amp;Gerät</translation>
    </message>
    <message>
        <source>&amp;Seed</source>
        <translation>&amp;Startwert</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Each seed gives slightly different details; the same seed, the same picture.</source>
        <translation>Jeder Startwert gibt etwas andere Einzelheiten, der gleiche das gleiche Bild.</translation>
    </message>
    <message>
        <source>&amp;Tile size</source>
        <translation>&amp;Kachelgröße</translation>
    </message>
    <message>
        <source>Smaller tiles need less memory.</source>
        <translation>Kleinere Kacheln brauchen weniger Speicher.</translation>
    </message>
    <message>
        <source>Automatic: the fastest</source>
        <translation>Automatisch: das schnellste</translation>
    </message>
    <message>
        <source>Enter a whole number from 0 to {most}.</source>
        <translation>Gib eine ganze Zahl von 0 bis {most} ein.</translation>
    </message>
</context>
<context>
    <name>Background</name>
    <message>
        <source>{number} %</source>
        <translation>{number} %</translation>
    </message>
</context>
<context>
    <name>CoreFollower</name>
    <message>
        <source>The work was interrupted. Starting it again…</source>
        <translation>Die Arbeit wurde unterbrochen. Sie wird neu gestartet …</translation>
    </message>
</context>
<context>
    <name>CoreListener</name>
    <message>
        <source>{done} done, {failed} failed</source>
        <translation>{done} fertig, {failed} fehlgeschlagen</translation>
    </message>
    <message>
        <source>{done} done</source>
        <translation>{done} fertig</translation>
    </message>
    <message>
        <source>All pictures are ready</source>
        <translation>Alle Bilder sind fertig</translation>
    </message>
</context>
<context>
    <name>DiagnosticsDialog</name>
    <message>
        <source>Diagnostics</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>Looking at this computer. This takes some seconds.</source>
        <translation>Der Rechner wird untersucht. Das dauert einige Sekunden.</translation>
    </message>
    <message>
        <source>Looking at this computer</source>
        <translation>Der Rechner wird untersucht</translation>
    </message>
    <message>
        <source>&amp;Copy again</source>
        <translation>Noch einmal &amp;kopieren</translation>
    </message>
    <message>
        <source>Copied. Paste it where you report the problem.</source>
        <translation>Kopiert. Füge es dort ein, wo du das Problem meldest.</translation>
    </message>
    <message>
        <source>The diagnosis could not be started. Reinstalling ResShift may help.</source>
        <translation>Die Diagnose ließ sich nicht starten. Vielleicht hilft es, ResShift neu zu installieren.</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Open pictures</source>
        <translation>Bilder öffnen</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Alle Dateien</translation>
    </message>
    <message>
        <source>Save result as</source>
        <translation>Ergebnis speichern unter</translation>
    </message>
</context>
<context>
    <name>EditorRow</name>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>Not installed</source>
        <translation>Nicht installiert</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>Installiert</translation>
    </message>
    <message>
        <source>Installed in version {version}; this is {current}</source>
        <translation>In Version {version} installiert; dies ist {current}</translation>
    </message>
    <message>
        <source>Not whole, or changed by somebody</source>
        <translation>Unvollständig oder von jemandem verändert</translation>
    </message>
    <message>
        <source>Installed, but turned off</source>
        <translation>Installiert, aber abgeschaltet</translation>
    </message>
    <message>
        <source>Never started. Start it once, then look again.</source>
        <translation>Noch nie gestartet. Einmal starten, dann erneut suchen.</translation>
    </message>
    <message>
        <source>&amp;Update</source>
        <translation>Akt&amp;ualisieren</translation>
    </message>
    <message>
        <source>&amp;Repair</source>
        <translation>&amp;Reparieren</translation>
    </message>
    <message>
        <source>&amp;Turn on</source>
        <translation>Ein&amp;schalten</translation>
    </message>
    <message>
        <source>&amp;Install</source>
        <translation>&amp;Installieren</translation>
    </message>
</context>
<context>
    <name>EditorsDialog</name>
    <message>
        <source>Editors</source>
        <translation>Bildbearbeitung</translation>
    </message>
    <message>
        <source>Looking for editors…</source>
        <translation>Bildbearbeitungen werden gesucht …</translation>
    </message>
    <message>
        <source>Upscale inside GIMP and Krita, with the models that you have here.</source>
        <translation>Direkt in GIMP und Krita hochskalieren, mit den Modellen von hier.</translation>
    </message>
    <message>
        <source>&amp;Look again</source>
        <translation>Erneut &amp;suchen</translation>
    </message>
    <message>
        <source>Installed. Restart {editor}.</source>
        <translation>Installiert. Bitte {editor} neu starten.</translation>
    </message>
    <message>
        <source>Removed. Restart {editor}.</source>
        <translation>Entfernt. Bitte {editor} neu starten.</translation>
    </message>
    <message>
        <source>Removed; files that are not ResShift&apos;s stay in {folder}. Restart {editor}.</source>
        <translation>Entfernt; Dateien, die nicht von ResShift sind, bleiben in {folder}. Bitte {editor} neu starten.</translation>
    </message>
    <message>
        <source>Krita is open. Close it, then try again.</source>
        <translation>Krita ist geöffnet. Bitte schließen und erneut versuchen.</translation>
    </message>
    <message>
        <source>Krita is open. Close it, then try again; or in Krita choose Tools &gt; Scripts &gt; Import Python Plugin from File, and open {file}.</source>
        <translation>Krita ist geöffnet. Bitte schließen und erneut versuchen; oder in Krita „Werkzeuge &gt; Skripte &gt; Python-Plugin aus Datei importieren“ wählen und {file} öffnen.</translation>
    </message>
    <message>
        <source>{editor} was not found. If it is on this computer, start it once, then look again.</source>
        <translation>{editor} wurde nicht gefunden. Falls es auf diesem Rechner ist, einmal starten, dann erneut suchen.</translation>
    </message>
    <message>
        <source>Upscale the layer or the selection from the Filters menu.</source>
        <translation>Ebene oder Auswahl über das Menü „Filter“ hochskalieren.</translation>
    </message>
    <message>
        <source>Upscale the layer, as a new layer or a new document.</source>
        <translation>Die Ebene hochskalieren, als neue Ebene oder neues Dokument.</translation>
    </message>
</context>
<context>
    <name>EmptyPage</name>
    <message>
        <source>Drop pictures here</source>
        <translation>Bilder hierher ziehen</translation>
    </message>
    <message>
        <source>Files, folders, or pictures from a web page. Or paste one with Ctrl+V.</source>
        <translation>Dateien, Ordner oder Bilder von einer Webseite. Oder eines mit Strg+V einfügen.</translation>
    </message>
    <message>
        <source>&amp;Open pictures…</source>
        <translation>Bi&amp;lder öffnen …</translation>
    </message>
    <message>
        <source>Open a &amp;folder…</source>
        <translation>Ordner ö&amp;ffnen …</translation>
    </message>
</context>
<context>
    <name>FirstWindow</name>
    <message>
        <source>Open a folder</source>
        <translation>Ordner öffnen</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Import a model</source>
        <translation>Modell importieren</translation>
    </message>
    <message>
        <source>Recognize it</source>
        <translation>Selbst erkennen</translation>
    </message>
    <message>
        <source>Only for a model of your own</source>
        <translation>Nur für ein eigenes Modell</translation>
    </message>
    <message>
        <source>A checkpoint that you have trained yourself gets a name: small letters, digits, and - . _ between them. A published model keeps its own.</source>
        <translation>Ein selbst trainierter Checkpoint bekommt einen Namen: Kleinbuchstaben, Ziffern und dazwischen - . _. Ein veröffentlichtes Modell behält seinen eigenen.</translation>
    </message>
    <message>
        <source>&amp;Which model is it, or was it made like?</source>
        <translation>&amp;Welches Modell ist es, oder nach welchem ist es gemacht?</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Import</source>
        <translation>&amp;Importieren</translation>
    </message>
</context>
<context>
    <name>Importer</name>
    <message>
        <source>Only the picture&apos;s address came, not the picture.</source>
        <translation>Es kam nur die Adresse des Bildes an, nicht das Bild.</translation>
    </message>
    <message>
        <source>Copy the picture itself in the browser and paste it, or save it first.</source>
        <translation>Kopiere im Browser das Bild selbst und füge es ein, oder speichere es zuerst.</translation>
    </message>
    <message>
        <source>Pasted {time}</source>
        <translation>Eingefügt {time}</translation>
    </message>
    <message>
        <source>There are no pictures in this.</source>
        <translation>Darin sind keine Bilder.</translation>
    </message>
    <message>
        <source>Choose PNG, JPEG, WebP, TIFF, BMP, GIF or AVIF files, or a folder with some.</source>
        <translation>Wähle PNG-, JPEG-, WebP-, TIFF-, BMP-, GIF- oder AVIF-Dateien oder einen Ordner mit solchen.</translation>
    </message>
    <message>
        <source>{name} is not a kind of picture that can be read.</source>
        <translation>{name} ist keine Art von Bild, die sich lesen lässt.</translation>
    </message>
    <message numerus="yes">
        <source>%n files are not of a kind that can be read.</source>
        <translation>
            <numerusform>%n Dateien sind von einer Art, die sich nicht lesen lässt.</numerusform>
            <numerusform>%n Dateien sind von einer Art, die sich nicht lesen lässt.</numerusform>
        </translation>
    </message>
    <message>
        <source>Use PNG, JPEG, WebP, TIFF, BMP, GIF or AVIF files.</source>
        <translation>Nimm PNG-, JPEG-, WebP-, TIFF-, BMP-, GIF- oder AVIF-Dateien.</translation>
    </message>
</context>
<context>
    <name>JobItem</name>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Waiting, {percent} done</source>
        <translation>Wartet, {percent} fertig</translation>
    </message>
    <message>
        <source>Paused at {percent}</source>
        <translation>Angehalten bei {percent}</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>{number} %</source>
        <translation>{number} %</translation>
    </message>
    <message>
        <source>a few seconds left</source>
        <translation>noch einige Sekunden</translation>
    </message>
    <message>
        <source>{seconds} s left</source>
        <translation>noch {seconds} s</translation>
    </message>
    <message>
        <source>{minutes} min left</source>
        <translation>noch {minutes} min</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min left</source>
        <translation>noch {hours} h {minutes} min</translation>
    </message>
    <message>
        <source>{hours} h left</source>
        <translation>noch {hours} h</translation>
    </message>
</context>
<context>
    <name>LicenceDialog</name>
    <message>
        <source>Licence: {name}</source>
        <translation>Lizenz: {name}</translation>
    </message>
    <message>
        <source>It is asked once for all models under this licence.</source>
        <translation>Für alle Modelle unter dieser Lizenz wird nur einmal gefragt.</translation>
    </message>
    <message>
        <source>&amp;Accept and download</source>
        <translation>Akzeptieren und &amp;laden</translation>
    </message>
</context>
<context>
    <name>LicenceView</name>
    <message>
        <source>Text of the licence</source>
        <translation>Text der Lizenz</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>ResShift goes on working</source>
        <translation>ResShift arbeitet weiter</translation>
    </message>
    <message>
        <source>Open it again to see how far it is.</source>
        <translation>Öffne es wieder, um zu sehen, wie weit es ist.</translation>
    </message>
    <message>
        <source>A picture that was listed is no longer where it was.</source>
        <translation>Ein Bild aus der Liste ist nicht mehr da, wo es war.</translation>
    </message>
    <message numerus="yes">
        <source>%n pictures that were listed are no longer where they were.</source>
        <translation>
            <numerusform>%n Bild aus der Liste ist nicht mehr da, wo es war.</numerusform>
            <numerusform>%n Bilder aus der Liste sind nicht mehr da, wo sie waren.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelItem</name>
    <message>
        <source>Built-in, fast</source>
        <translation>Eingebaut, schnell</translation>
    </message>
    <message>
        <source>x4 for photographs, paintings, drawings and screens. Works at once, also without a graphics card.</source>
        <translation>4-fach für Fotos, Gemälde, Zeichnungen und Bildschirmfotos. Geht sofort, auch ohne Grafikkarte.</translation>
    </message>
    <message>
        <source>ResShift x4, v3</source>
        <translation>ResShift x4, v3</translation>
    </message>
    <message>
        <source>x4 for photographs. The paper&apos;s best quality in 4 steps; for a GPU with about 2 GB of memory, or much patience.</source>
        <translation>4-fach für Fotos. Die beste Qualität des Fachartikels in 4 Schritten; für eine Grafikkarte mit etwa 2 GB Speicher oder viel Geduld.</translation>
    </message>
    <message>
        <source>ResShift x4, v2</source>
        <translation>ResShift x4, v2</translation>
    </message>
    <message>
        <source>x4 for photographs in 15 steps, as in the paper&apos;s second version; slower than v3.</source>
        <translation>4-fach für Fotos in 15 Schritten, wie in der zweiten Fassung des Fachartikels; langsamer als v3.</translation>
    </message>
    <message>
        <source>ResShift x4, v1</source>
        <translation>ResShift x4, v1</translation>
    </message>
    <message>
        <source>x4 for photographs in 15 steps, as in the paper&apos;s first version; slower than v3.</source>
        <translation>4-fach für Fotos in 15 Schritten, wie in der ersten Fassung des Fachartikels; langsamer als v3.</translation>
    </message>
    <message>
        <source>ResShift x4, clean pictures</source>
        <translation>ResShift x4, saubere Bilder</translation>
    </message>
    <message>
        <source>x4 for clean pictures that were only made smaller: no noise, no JPEG. 4 steps; needs what v3 needs.</source>
        <translation>4-fach für saubere Bilder, die nur verkleinert wurden: kein Rauschen, kein JPEG. 4 Schritte; braucht, was v3 braucht.</translation>
    </message>
    <message>
        <source>SinSR x4, v1</source>
        <translation>SinSR x4, v1</translation>
    </message>
    <message>
        <source>x4 for photographs in a single step: faster than ResShift, with less detail. For a GPU with about 2 GB of memory, or patience.</source>
        <translation>4-fach für Fotos in einem einzigen Schritt: schneller als ResShift, mit weniger Einzelheiten. Für eine Grafikkarte mit etwa 2 GB Speicher oder mit Geduld.</translation>
    </message>
    <message>
        <source>SinSR x4, v2</source>
        <translation>SinSR x4, v2</translation>
    </message>
    <message>
        <source>ResShift inpainting, photographs</source>
        <translation>ResShift-Füllen, Fotos</translation>
    </message>
    <message>
        <source>Fills the white parts of a mask; all else stays as it is. 4 steps; for a GPU with about 3 GB of memory, or patience.</source>
        <translation>Füllt die weißen Teile einer Maske; alles andere bleibt, wie es ist. 4 Schritte; für eine Grafikkarte mit etwa 3 GB Speicher oder mit Geduld.</translation>
    </message>
    <message>
        <source>ResShift inpainting, faces</source>
        <translation>ResShift-Füllen, Gesichter</translation>
    </message>
    <message>
        <source>Fills the white parts of a mask in an upright face that fills the picture, best at 256 x 256 pixels. 4 steps; for a GPU with about 3 GB of memory, or patience.</source>
        <translation>Füllt die weißen Teile einer Maske in einem aufrechten Gesicht, das das Bild ausfüllt, am besten bei 256 x 256 Pixeln. 4 Schritte; für eine Grafikkarte mit etwa 3 GB Speicher oder mit Geduld.</translation>
    </message>
    <message>
        <source>ResShift face restoration</source>
        <translation>ResShift-Gesichtsrestaurierung</translation>
    </message>
    <message>
        <source>Restores an upright face that fills a picture of 512 x 512 pixels. 4 steps; for a GPU with about 2 GB of memory, or patience.</source>
        <translation>Stellt ein aufrechtes Gesicht wieder her, das ein Bild von 512 x 512 Pixeln ausfüllt. 4 Schritte; für eine Grafikkarte mit etwa 2 GB Speicher oder mit Geduld.</translation>
    </message>
    <message>
        <source>For non-commercial use only; for any other, ask the authors. Who passes the files on passes their licence on with them.</source>
        <translation>Nur für nichtkommerzielle Nutzung; für jede andere sind die Urheber zu fragen. Wer die Dateien weitergibt, gibt ihre Lizenz mit weiter.</translation>
    </message>
    <message>
        <source>For non-commercial use only. Who passes the files on, changed or not, names the authors and keeps their licences. The second licence is for the autoencoder, which is ResShift&apos;s.</source>
        <translation>Nur für nichtkommerzielle Nutzung. Wer die Dateien weitergibt, verändert oder nicht, nennt die Urheber und behält ihre Lizenzen bei. Die zweite Lizenz gilt für den Autoencoder, der von ResShift stammt.</translation>
    </message>
</context>
<context>
    <name>ModelRow</name>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Behalten</translation>
    </message>
    <message>
        <source>{state} · {size} · licence: {licence}</source>
        <translation>{state} · {size} · Lizenz: {licence}</translation>
    </message>
    <message>
        <source>Really remove it?</source>
        <translation>Wirklich entfernen?</translation>
    </message>
    <message>
        <source>Download of “{title}”</source>
        <translation>Download von „{title}“</translation>
    </message>
    <message>
        <source>Part of the program</source>
        <translation>Teil des Programms</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Not downloaded</source>
        <translation>Nicht geladen</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>Abbre&amp;chen</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>&amp;Download</source>
        <translation>&amp;Herunterladen</translation>
    </message>
</context>
<context>
    <name>ModelsDialog</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Looking for models…</source>
        <translation>Modelle werden gesucht …</translation>
    </message>
    <message>
        <source>&amp;Import files…</source>
        <translation>Dateien &amp;importieren …</translation>
    </message>
    <message>
        <source>Reading the files. This can take a minute.</source>
        <translation>Die Dateien werden gelesen. Das kann eine Minute dauern.</translation>
    </message>
    <message>
        <source>Import a model</source>
        <translation>Modell importieren</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Alle Dateien</translation>
    </message>
</context>
<context>
    <name>OptionsPanel</name>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Save to</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>{title}, download {size}</source>
        <translation>{title}, Download {size}</translation>
    </message>
    <message>
        <source>More models…</source>
        <translation>Weitere Modelle …</translation>
    </message>
</context>
<context>
    <name>PictureCanvas</name>
    <message>
        <source>Divider between input and result</source>
        <translation>Trennlinie zwischen Eingabe und Ergebnis</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>Wird geladen …</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
</context>
<context>
    <name>PictureCommands</name>
    <message>
        <source>Choose another folder</source>
        <translation>Anderen Ordner wählen</translation>
    </message>
</context>
<context>
    <name>PicturePage</name>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>{number} %</source>
        <translation>{number} %</translation>
    </message>
</context>
<context>
    <name>PictureView</name>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Plus and minus zoom, arrow keys move the picture.</source>
        <translation>Plus und Minus zoomen, Pfeiltasten verschieben das Bild.</translation>
    </message>
</context>
<context>
    <name>ProblemBar</name>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Choose another folder…</source>
        <translation>Anderen Ordner wählen …</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Use the processor</source>
        <translation>Den Prozessor verwenden</translation>
    </message>
    <message>
        <source>Change the options</source>
        <translation>Optionen ändern</translation>
    </message>
    <message>
        <source>Open models…</source>
        <translation>Modelle öffnen …</translation>
    </message>
</context>
<context>
    <name>QueueStrip</name>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
</context>
<context>
    <name>ResultFiles</name>
    <message>
        <source>Saved as {name}.</source>
        <translation>Gespeichert als {name}.</translation>
    </message>
    <message>
        <source>Copied {name}.</source>
        <translation>{name} kopiert.</translation>
    </message>
</context>
<context>
    <name>RowDelegate</name>
    <message>
        <source>Cannot be shown</source>
        <translation>Nicht darstellbar</translation>
    </message>
</context>
<context>
    <name>SaveChoice</name>
    <message>
        <source>Same as input</source>
        <translation>Wie die Eingabe</translation>
    </message>
    <message>
        <source>PNG: nothing lost</source>
        <translation>PNG: verlustfrei</translation>
    </message>
    <message>
        <source>JPEG: small files</source>
        <translation>JPEG: kleine Dateien</translation>
    </message>
    <message>
        <source>WebP: smaller still</source>
        <translation>WebP: noch kleiner</translation>
    </message>
    <message>
        <source>TIFF: for printing</source>
        <translation>TIFF: für den Druck</translation>
    </message>
    <message>
        <source>{name} is the input&apos;s name, {scale} the size, {model} the model.</source>
        <translation>{name} ist der Name der Eingabe, {scale} die Größe, {model} das Modell.</translation>
    </message>
    <message>
        <source>Fol&amp;der</source>
        <translation>&amp;Ordner</translation>
    </message>
    <message>
        <source>Fo&amp;rmat</source>
        <translation>Fo&amp;rmat</translation>
    </message>
    <message>
        <source>&amp;Quality</source>
        <translation>&amp;Qualität</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>Folder for results</source>
        <translation>Ordner für Ergebnisse</translation>
    </message>
    <message>
        <source>Beside the input</source>
        <translation>Neben der Eingabe</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Ordner wählen …</translation>
    </message>
    <message>
        <source>For JPEG and WebP; others lose nothing.</source>
        <translation>Für JPEG und WebP; andere sind verlustfrei.</translation>
    </message>
    <message>
        <source>Nothing is lost.</source>
        <translation>Nichts geht verloren.</translation>
    </message>
    <message>
        <source>90 looks like the original; less makes smaller files.</source>
        <translation>90 sieht aus wie das Original, weniger gibt kleinere Dateien.</translation>
    </message>
    <message>
        <source>photo</source>
        <comment>a file&apos;s name</comment>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Example: {name}</source>
        <translation>Beispiel: {name}</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Restart ResShift to see it in this language.</source>
        <translation>Starte ResShift neu, um es in dieser Sprache zu sehen.</translation>
    </message>
    <message>
        <source>Takes effect when ResShift&apos;s background process next starts.</source>
        <translation>Gilt, sobald der Hintergrundprozess von ResShift das nächste Mal startet.</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>This app</source>
        <translation>Diese App</translation>
    </message>
    <message>
        <source>&amp;Go on working when the window is closed</source>
        <translation>&amp;Weiterarbeiten, wenn das Fenster geschlossen wird</translation>
    </message>
    <message>
        <source>&amp;Notify me when all pictures are done</source>
        <translation>&amp;Benachrichtigen, wenn alle Bilder fertig sind</translation>
    </message>
    <message>
        <source>Ask once a week whether there is a newer &amp;version</source>
        <translation>Einmal in der Woche nach einer neueren &amp;Version fragen</translation>
    </message>
    <message>
        <source>While pictures are worked on</source>
        <translation>Während der Arbeit an Bildern</translation>
    </message>
    <message>
        <source>&amp;Keep the computer awake</source>
        <translation>Den &amp;Rechner wach halten</translation>
    </message>
    <message>
        <source>Let &amp;other programs go first</source>
        <translation>&amp;Anderen Programmen den Vortritt lassen</translation>
    </message>
    <message>
        <source> min</source>
        <comment>minutes, after a number</comment>
        <translation> min</translation>
    </message>
    <message>
        <source>Free the &amp;memory after this time without work</source>
        <translation>S&amp;peicher freigeben nach dieser Zeit ohne Arbeit</translation>
    </message>
    <message>
        <source>The settings could not be kept. Is the disk full?</source>
        <translation>Die Einstellungen ließen sich nicht speichern. Ist die Festplatte voll?</translation>
    </message>
</context>
<context>
    <name>SizeChoice</name>
    <message>
        <source>{scale}×</source>
        <translation>{scale}×</translation>
    </message>
    <message>
        <source>Result {scale} times as wide and high</source>
        <translation>Ergebnis {scale}-mal so breit und hoch</translation>
    </message>
    <message>
        <source>Pi&amp;xels</source>
        <translation>Pi&amp;xel</translation>
    </message>
    <message>
        <source>Result with a size in pixels</source>
        <translation>Ergebnis mit einer Größe in Pixeln</translation>
    </message>
    <message>
        <source>Width of the result in pixels</source>
        <translation>Breite des Ergebnisses in Pixeln</translation>
    </message>
    <message>
        <source>Height of the result in pixels</source>
        <translation>Höhe des Ergebnisses in Pixeln</translation>
    </message>
    <message>
        <source>&amp;Width</source>
        <translation>Bre&amp;ite</translation>
    </message>
    <message>
        <source>Hei&amp;ght</source>
        <translation>H&amp;öhe</translation>
    </message>
    <message>
        <source>The result has {width} × {height} pixels, {megapixels} megapixels.</source>
        <translation>Das Ergebnis hat {width} × {height} Pixel, {megapixels} Megapixel.</translation>
    </message>
    <message>
        <source>Each result is {width} pixels wide.</source>
        <translation>Jedes Ergebnis ist {width} Pixel breit.</translation>
    </message>
    <message>
        <source>Each result is {height} pixels high.</source>
        <translation>Jedes Ergebnis ist {height} Pixel hoch.</translation>
    </message>
    <message>
        <source>Each result is as large as its input.</source>
        <translation>Jedes Ergebnis ist so groß wie seine Eingabe.</translation>
    </message>
    <message>
        <source>Each result is {scale} times as wide and high as its input.</source>
        <translation>Jedes Ergebnis ist {scale}-mal so breit und hoch wie seine Eingabe.</translation>
    </message>
    <message>
        <source>Results can be 1 to 16 times as large as the input: {least} to {most} pixels high.</source>
        <translation>Ergebnisse können 1- bis 16-mal so groß sein wie die Eingabe: {least} bis {most} Pixel hoch.</translation>
    </message>
    <message>
        <source>Results can be 1 to 16 times as large as the input: {least} to {most} pixels wide.</source>
        <translation>Ergebnisse können 1- bis 16-mal so groß sein wie die Eingabe: {least} bis {most} Pixel breit.</translation>
    </message>
    <message>
        <source>{format} holds at most {limit} pixels a side. Choose PNG or TIFF, or a smaller size.</source>
        <translation>{format} fasst höchstens {limit} Pixel je Seite. Wähle PNG oder TIFF oder eine kleinere Größe.</translation>
    </message>
</context>
<context>
    <name>UpdateNotice</name>
    <message>
        <source>ResShift {version} is out.</source>
        <translation>ResShift {version} ist da.</translation>
    </message>
    <message>
        <source>What is new</source>
        <translation>Was ist neu</translation>
    </message>
</context>
<context>
    <name>UpscaleButton</name>
    <message>
        <source>Upscale</source>
        <translation>Hochskalieren</translation>
    </message>
    <message numerus="yes">
        <source>Upscale %n pictures again</source>
        <translation>
            <numerusform>%n Bild noch einmal hochskalieren</numerusform>
            <numerusform>%n Bilder noch einmal hochskalieren</numerusform>
        </translation>
    </message>
    <message>
        <source>Upscale this picture again</source>
        <translation>Dieses Bild noch einmal hochskalieren</translation>
    </message>
    <message numerus="yes">
        <source>Upscale %n pictures</source>
        <translation>
            <numerusform>%n Bild hochskalieren</numerusform>
            <numerusform>%n Bilder hochskalieren</numerusform>
        </translation>
    </message>
    <message>
        <source>Upscale this picture</source>
        <translation>Dieses Bild hochskalieren</translation>
    </message>
    <message>
        <source>Upscale one picture</source>
        <translation>Ein Bild hochskalieren</translation>
    </message>
</context>
<context>
    <name>WorkBar</name>
    <message>
        <source>All pictures</source>
        <translation>Alle Bilder</translation>
    </message>
    <message>
        <source>Clear finished</source>
        <translation>Fertige aufräumen</translation>
    </message>
    <message>
        <source>{done} of {all} done</source>
        <translation>{done} von {all} fertig</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>{done} done</source>
        <translation>{done} fertig</translation>
    </message>
    <message>
        <source>{failed} failed</source>
        <translation>{failed} fehlgeschlagen</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Pause all</source>
        <translation>Alle anhalten</translation>
    </message>
</context>
</TS>
