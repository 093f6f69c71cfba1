<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About ResShift</source>
        <translation>关于 ResShift</translation>
    </message>
    <message>
        <source>&amp;Licence</source>
        <translation>许可证(&amp;L)</translation>
    </message>
    <message>
        <source>Li&amp;braries</source>
        <translation>程序库(&amp;B)</translation>
    </message>
    <message>
        <source>Pictures that the built-in model has learnt from</source>
        <translation>内置模型学习所用的图片</translation>
    </message>
    <message>
        <source>&amp;Pictures</source>
        <translation>图片(&amp;P)</translation>
    </message>
    <message>
        <source>ResShift {version}</source>
        <translation>ResShift {version}</translation>
    </message>
    <message>
        <source>Makes pictures larger and sharper on your own computer, which none of them leaves. Free under the Apache License 2.0.</source>
        <translation>在您自己的电脑上让图片更大、更清晰，图片不会离开这台电脑。依据 Apache 许可证 2.0 自由使用。</translation>
    </message>
    <message>
        <source>Libraries</source>
        <translation>程序库</translation>
    </message>
    <message>
        <source>The method is ResShift by Zongsheng Yue, Jianyi Wang and Chen Change Loy (2023).</source>
        <translation>所用方法是 Zongsheng Yue、Jianyi Wang 和 Chen Change Loy 的 ResShift（2023）。</translation>
    </message>
    <message>
        <source>This program is made with:</source>
        <translation>本程序使用了：</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;Open pictures…</source>
        <translation>打开图片(&amp;O)…</translation>
    </message>
    <message>
        <source>Open a &amp;folder…</source>
        <translation>打开文件夹(&amp;F)…</translation>
    </message>
    <message>
        <source>&amp;Save result as…</source>
        <translation>结果另存为(&amp;S)…</translation>
    </message>
    <message>
        <source>Show in fol&amp;der</source>
        <translation>在文件夹中显示(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Copy result</source>
        <translation>复制结果(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Paste picture</source>
        <translation>粘贴图片(&amp;P)</translation>
    </message>
    <message>
        <source>Select &amp;all</source>
        <translation>全选(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Remove from the list</source>
        <translation>从列表中移除(&amp;R)</translation>
    </message>
    <message>
        <source>Clear &amp;finished</source>
        <translation>清除已完成(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Models…</source>
        <translation>模型(&amp;M)…</translation>
    </message>
    <message>
        <source>&amp;Editors…</source>
        <translation>编辑器(&amp;E)…</translation>
    </message>
    <message>
        <source>Se&amp;ttings…</source>
        <translation>设置(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;Upscale</source>
        <translation>放大(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>暂停(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>继续(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation>重试(&amp;T)</translation>
    </message>
    <message>
        <source>Move &amp;up</source>
        <translation>上移(&amp;U)</translation>
    </message>
    <message>
        <source>Move &amp;down</source>
        <translation>下移(&amp;D)</translation>
    </message>
    <message>
        <source>Pause &amp;all</source>
        <translation>全部暂停(&amp;A)</translation>
    </message>
    <message>
        <source>Paint what to &amp;fill</source>
        <translation>涂画要填补的部分(&amp;F)</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>放大显示(&amp;I)</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>缩小显示(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Whole picture</source>
        <translation>整张图片(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Full size (100 %)</source>
        <translation>实际大小 (100 %)(&amp;F)</translation>
    </message>
    <message>
        <source>O&amp;ptions beside the picture</source>
        <translation>图片旁的选项(&amp;P)</translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation>全屏(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Copy diagnostics</source>
        <translation>复制诊断信息(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;About ResShift</source>
        <translation>关于 ResShift(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Picture</source>
        <translation>图片(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Divider</source>
        <translation>分界线(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Side by side</source>
        <translation>并排(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Result</source>
        <translation>结果(&amp;R)</translation>
    </message>
    <message>
        <source>I&amp;nput</source>
        <translation>原图(&amp;N)</translation>
    </message>
</context>
<context>
    <name>AdvancedChoice</name>
    <message>
        <source>&amp;Advanced</source>
        <translation>高级(&amp;A)</translation>
    </message>
    <message>
        <source>Another seed by chance</source>
        <translation>随机换一个种子</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>{size} pixels</source>
        <translation>{size} 像素</translation>
    </message>
    <message>
        <source>Dev&amp;ice</source>
        <translation>设备(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Seed</source>
        <translation>种子(&amp;S)</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Each seed gives slightly different details; the same seed, the same picture.</source>
        <translation>不同的种子会带来略有不同的细节；相同的种子得到相同的图片。</translation>
    </message>
    <message>
        <source>&amp;Tile size</source>
        <translation>分块大小(&amp;T)</translation>
    </message>
    <message>
        <source>Smaller tiles need less memory.</source>
        <translation>分块越小，占用的内存越少。</translation>
    </message>
    <message>
        <source>Automatic: the fastest</source>
        <translation>自动：最快的设备</translation>
    </message>
    <message>
        <source>Enter a whole number from 0 to {most}.</source>
        <translation>请输入 0 到 {most} 之间的整数。</translation>
    </message>
</context>
<context>
    <name>Background</name>
    <message>
        <source>{number} %</source>
        <translation>{number}%</translation>
    </message>
</context>
<context>
    <name>CoreFollower</name>
    <message>
        <source>The work was interrupted. Starting it again…</source>
        <translation>工作中断了，正在重新启动…</translation>
    </message>
</context>
<context>
    <name>CoreListener</name>
    <message>
        <source>{done} done, {failed} failed</source>
        <translation>{done} 张完成，{failed} 张失败</translation>
    </message>
    <message>
        <source>{done} done</source>
        <translation>已完成 {done}</translation>
    </message>
    <message>
        <source>All pictures are ready</source>
        <translation>所有图片都已就绪</translation>
    </message>
</context>
<context>
    <name>DiagnosticsDialog</name>
    <message>
        <source>Diagnostics</source>
        <translation>诊断信息</translation>
    </message>
    <message>
        <source>Looking at this computer. This takes some seconds.</source>
        <translation>正在检查这台电脑，需要几秒钟。</translation>
    </message>
    <message>
        <source>Looking at this computer</source>
        <translation>正在检查这台电脑</translation>
    </message>
    <message>
        <source>&amp;Copy again</source>
        <translation>再次复制(&amp;C)</translation>
    </message>
    <message>
        <source>Copied. Paste it where you report the problem.</source>
        <translation>已复制。请粘贴到您报告问题的地方。</translation>
    </message>
    <message>
        <source>The diagnosis could not be started. Reinstalling ResShift may help.</source>
        <translation>无法启动诊断。重新安装 ResShift 也许有帮助。</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Open pictures</source>
        <translation>打开图片</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Save result as</source>
        <translation>结果另存为</translation>
    </message>
</context>
<context>
    <name>EditorRow</name>
    <message>
        <source>&amp;Remove</source>
        <translation>移除(&amp;R)</translation>
    </message>
    <message>
        <source>Not installed</source>
        <translation>未安装</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>Installed in version {version}; this is {current}</source>
        <translation>已安装版本 {version}；当前版本为 {current}</translation>
    </message>
    <message>
        <source>Not whole, or changed by somebody</source>
        <translation>不完整，或已被改动</translation>
    </message>
    <message>
        <source>Installed, but turned off</source>
        <translation>已安装，但已停用</translation>
    </message>
    <message>
        <source>Never started. Start it once, then look again.</source>
        <translation>从未启动过。请先启动一次，然后重新查找。</translation>
    </message>
    <message>
        <source>&amp;Update</source>
        <translation>更新(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Repair</source>
        <translation>修复(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Turn on</source>
        <translation>启用(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Install</source>
        <translation>安装(&amp;I)</translation>
    </message>
</context>
<context>
    <name>EditorsDialog</name>
    <message>
        <source>Editors</source>
        <translation>编辑器</translation>
    </message>
    <message>
        <source>Looking for editors…</source>
        <translation>正在查找编辑器…</translation>
    </message>
    <message>
        <source>Upscale inside GIMP and Krita, with the models that you have here.</source>
        <translation>直接在 GIMP 和 Krita 中放大，使用此处已有的模型。</translation>
    </message>
    <message>
        <source>&amp;Look again</source>
        <translation>重新查找(&amp;L)</translation>
    </message>
    <message>
        <source>Installed. Restart {editor}.</source>
        <translation>已安装。请重新启动 {editor}。</translation>
    </message>
    <message>
        <source>Removed. Restart {editor}.</source>
        <translation>已移除。请重新启动 {editor}。</translation>
    </message>
    <message>
        <source>Removed; files that are not ResShift&apos;s stay in {folder}. Restart {editor}.</source>
        <translation>已移除；不属于 ResShift 的文件仍保留在 {folder} 中。请重新启动 {editor}。</translation>
    </message>
    <message>
        <source>Krita is open. Close it, then try again.</source>
        <translation>Krita 正在运行。请关闭后重试。</translation>
    </message>
    <message>
        <source>Krita is open. Close it, then try again; or in Krita choose Tools &gt; Scripts &gt; Import Python Plugin from File, and open {file}.</source>
        <translation>Krita 正在运行。请关闭后重试；或在 Krita 中选择“工具 &gt; 脚本 &gt; 从文件导入 Python 插件”，然后打开 {file}。</translation>
    </message>
    <message>
        <source>{editor} was not found. If it is on this computer, start it once, then look again.</source>
        <translation>未找到 {editor}。如果这台电脑上已安装，请先启动一次，然后重新查找。</translation>
    </message>
    <message>
        <source>Upscale the layer or the selection from the Filters menu.</source>
        <translation>从“滤镜”菜单放大图层或选区。</translation>
    </message>
    <message>
        <source>Upscale the layer, as a new layer or a new document.</source>
        <translation>放大图层，结果作为新图层或新文档。</translation>
    </message>
</context>
<context>
    <name>EmptyPage</name>
    <message>
        <source>Drop pictures here</source>
        <translation>将图片拖到这里</translation>
    </message>
    <message>
        <source>Files, folders, or pictures from a web page. Or paste one with Ctrl+V.</source>
        <translation>文件、文件夹或网页上的图片。也可以用 Ctrl+V 粘贴。</translation>
    </message>
    <message>
        <source>&amp;Open pictures…</source>
        <translation>打开图片(&amp;O)…</translation>
    </message>
    <message>
        <source>Open a &amp;folder…</source>
        <translation>打开文件夹(&amp;F)…</translation>
    </message>
</context>
<context>
    <name>FirstWindow</name>
    <message>
        <source>Open a folder</source>
        <translation>打开文件夹</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Import a model</source>
        <translation>导入模型</translation>
    </message>
    <message>
        <source>Recognize it</source>
        <translation>自动识别</translation>
    </message>
    <message>
        <source>Only for a model of your own</source>
        <translation>仅用于您自己的模型</translation>
    </message>
    <message>
        <source>A checkpoint that you have trained yourself gets a name: small letters, digits, and - . _ between them. A published model keeps its own.</source>
        <translation>您自己训练的检查点需要一个名称：小写字母、数字，中间可用 - . _。已发布的模型保留其原名。</translation>
    </message>
    <message>
        <source>&amp;Which model is it, or was it made like?</source>
        <translation>它是哪个模型，或基于哪个模型？(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>名称(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Import</source>
        <translation>导入(&amp;I)</translation>
    </message>
</context>
<context>
    <name>Importer</name>
    <message>
        <source>Only the picture&apos;s address came, not the picture.</source>
        <translation>只收到了图片的地址，没有收到图片。</translation>
    </message>
    <message>
        <source>Copy the picture itself in the browser and paste it, or save it first.</source>
        <translation>请在浏览器中复制图片本身再粘贴，或先保存图片。</translation>
    </message>
    <message>
        <source>Pasted {time}</source>
        <translation>粘贴于 {time}</translation>
    </message>
    <message>
        <source>There are no pictures in this.</source>
        <translation>这里面没有图片。</translation>
    </message>
    <message>
        <source>Choose PNG, JPEG, WebP, TIFF, BMP, GIF or AVIF files, or a folder with some.</source>
        <translation>请选择 PNG、JPEG、WebP、TIFF、BMP、GIF 或 AVIF 文件，或包含这些文件的文件夹。</translation>
    </message>
    <message>
        <source>{name} is not a kind of picture that can be read.</source>
        <translation>无法读取 {name} 这种类型的图片。</translation>
    </message>
    <message numerus="yes">
        <source>%n files are not of a kind that can be read.</source>
        <translation>
            <numerusform>%n 个文件的类型无法读取。</numerusform>
        </translation>
    </message>
    <message>
        <source>Use PNG, JPEG, WebP, TIFF, BMP, GIF or AVIF files.</source>
        <translation>请使用 PNG、JPEG、WebP、TIFF、BMP、GIF 或 AVIF 文件。</translation>
    </message>
</context>
<context>
    <name>JobItem</name>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Waiting, {percent} done</source>
        <translation>等待中，已完成 {percent}</translation>
    </message>
    <message>
        <source>Paused at {percent}</source>
        <translation>已暂停于 {percent}</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>{number} %</source>
        <translation>{number}%</translation>
    </message>
    <message>
        <source>a few seconds left</source>
        <translation>还剩几秒</translation>
    </message>
    <message>
        <source>{seconds} s left</source>
        <translation>还剩 {seconds} 秒</translation>
    </message>
    <message>
        <source>{minutes} min left</source>
        <translation>还剩 {minutes} 分钟</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min left</source>
        <translation>还剩 {hours} 小时 {minutes} 分钟</translation>
    </message>
    <message>
        <source>{hours} h left</source>
        <translation>还剩 {hours} 小时</translation>
    </message>
</context>
<context>
    <name>LicenceDialog</name>
    <message>
        <source>Licence: {name}</source>
        <translation>许可证：{name}</translation>
    </message>
    <message>
        <source>It is asked once for all models under this licence.</source>
        <translation>采用此许可证的所有模型只询问一次。</translation>
    </message>
    <message>
        <source>&amp;Accept and download</source>
        <translation>接受并下载(&amp;A)</translation>
    </message>
</context>
<context>
    <name>LicenceView</name>
    <message>
        <source>Text of the licence</source>
        <translation>许可证正文</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>ResShift goes on working</source>
        <translation>ResShift 正在继续工作</translation>
    </message>
    <message>
        <source>Open it again to see how far it is.</source>
        <translation>再次打开即可查看进度。</translation>
    </message>
    <message>
        <source>A picture that was listed is no longer where it was.</source>
        <translation>列表中的一张图片已不在原处。</translation>
    </message>
    <message numerus="yes">
        <source>%n pictures that were listed are no longer where they were.</source>
        <translation>
            <numerusform>列表中的 %n 张图片已不在原处。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelItem</name>
    <message>
        <source>Built-in, fast</source>
        <translation>内置，快速</translation>
    </message>
    <message>
        <source>x4 for photographs, paintings, drawings and screens. Works at once, also without a graphics card.</source>
        <translation>4 倍放大，适合照片、绘画、图画和屏幕截图。开箱即用，没有显卡也可以。</translation>
    </message>
    <message>
        <source>ResShift x4, v3</source>
        <translation>ResShift x4，v3</translation>
    </message>
    <message>
        <source>x4 for photographs. The paper&apos;s best quality in 4 steps; for a GPU with about 2 GB of memory, or much patience.</source>
        <translation>适用于照片的 x4 模型。4 步达到论文中的最佳质量；需要约 2 GB 显存的显卡，或足够的耐心。</translation>
    </message>
    <message>
        <source>ResShift x4, v2</source>
        <translation>ResShift x4，v2</translation>
    </message>
    <message>
        <source>x4 for photographs in 15 steps, as in the paper&apos;s second version; slower than v3.</source>
        <translation>适用于照片的 x4 模型，15 步，同论文第二版；比 v3 慢。</translation>
    </message>
    <message>
        <source>ResShift x4, v1</source>
        <translation>ResShift x4，v1</translation>
    </message>
    <message>
        <source>x4 for photographs in 15 steps, as in the paper&apos;s first version; slower than v3.</source>
        <translation>适用于照片的 x4 模型，15 步，同论文第一版；比 v3 慢。</translation>
    </message>
    <message>
        <source>ResShift x4, clean pictures</source>
        <translation>ResShift x4，干净的图片</translation>
    </message>
    <message>
        <source>x4 for clean pictures that were only made smaller: no noise, no JPEG. 4 steps; needs what v3 needs.</source>
        <translation>适用于仅被缩小过的干净图片的 x4 模型：没有噪点，没有 JPEG 压缩痕迹。4 步；所需配置与 v3 相同。</translation>
    </message>
    <message>
        <source>SinSR x4, v1</source>
        <translation>SinSR x4，v1</translation>
    </message>
    <message>
        <source>x4 for photographs in a single step: faster than ResShift, with less detail. For a GPU with about 2 GB of memory, or patience.</source>
        <translation>适用于照片的 x4 模型，只需一步：比 ResShift 快，但细节较少。需要约 2 GB 显存的显卡，或一些耐心。</translation>
    </message>
    <message>
        <source>SinSR x4, v2</source>
        <translation>SinSR x4，v2</translation>
    </message>
    <message>
        <source>ResShift inpainting, photographs</source>
        <translation>ResShift 填补，照片</translation>
    </message>
    <message>
        <source>Fills the white parts of a mask; all else stays as it is. 4 steps; for a GPU with about 3 GB of memory, or patience.</source>
        <translation>填补蒙版中的白色部分，其余保持不变。4 步；需要约 3 GB 显存的显卡，或一些耐心。</translation>
    </message>
    <message>
        <source>ResShift inpainting, faces</source>
        <translation>ResShift 填补，人脸</translation>
    </message>
    <message>
        <source>Fills the white parts of a mask in an upright face that fills the picture, best at 256 x 256 pixels. 4 steps; for a GPU with about 3 GB of memory, or patience.</source>
        <translation>在占满画面的正立人脸中填补蒙版的白色部分，最适合 256 x 256 像素。4 步；需要约 3 GB 显存的显卡，或一些耐心。</translation>
    </message>
    <message>
        <source>ResShift face restoration</source>
        <translation>ResShift 人脸修复</translation>
    </message>
    <message>
        <source>Restores an upright face that fills a picture of 512 x 512 pixels. 4 steps; for a GPU with about 2 GB of memory, or patience.</source>
        <translation>修复占满 512 x 512 像素图片的正立人脸。4 步；需要约 2 GB 显存的显卡，或一些耐心。</translation>
    </message>
    <message>
        <source>For non-commercial use only; for any other, ask the authors. Who passes the files on passes their licence on with them.</source>
        <translation>仅限非商业用途；其他用途请询问作者。转发这些文件时，须一并附上其许可证。</translation>
    </message>
    <message>
        <source>For non-commercial use only. Who passes the files on, changed or not, names the authors and keeps their licences. The second licence is for the autoencoder, which is ResShift&apos;s.</source>
        <translation>仅限非商业用途。转发这些文件时，无论是否修改，都须注明作者并保留其许可证。第二个许可证适用于来自 ResShift 的自编码器。</translation>
    </message>
</context>
<context>
    <name>ModelRow</name>
    <message>
        <source>&amp;Keep</source>
        <translation>保留(&amp;K)</translation>
    </message>
    <message>
        <source>{state} · {size} · licence: {licence}</source>
        <translation>{state} · {size} · 许可证：{licence}</translation>
    </message>
    <message>
        <source>Really remove it?</source>
        <translation>确定要移除吗？</translation>
    </message>
    <message>
        <source>Download of “{title}”</source>
        <translation>正在下载“{title}”</translation>
    </message>
    <message>
        <source>Part of the program</source>
        <translation>程序自带</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>可以使用</translation>
    </message>
    <message>
        <source>Not downloaded</source>
        <translation>尚未下载</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>移除(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Download</source>
        <translation>下载(&amp;D)</translation>
    </message>
</context>
<context>
    <name>ModelsDialog</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Looking for models…</source>
        <translation>正在查找模型…</translation>
    </message>
    <message>
        <source>&amp;Import files…</source>
        <translation>导入文件(&amp;I)…</translation>
    </message>
    <message>
        <source>Reading the files. This can take a minute.</source>
        <translation>正在读取文件，可能需要一分钟。</translation>
    </message>
    <message>
        <source>Import a model</source>
        <translation>导入模型</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
</context>
<context>
    <name>OptionsPanel</name>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>模型(&amp;M)</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Save to</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>{title}, download {size}</source>
        <translation>{title}，下载 {size}</translation>
    </message>
    <message>
        <source>More models…</source>
        <translation>更多模型…</translation>
    </message>
</context>
<context>
    <name>PictureCanvas</name>
    <message>
        <source>Divider between input and result</source>
        <translation>原图与结果的分界线</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>正在加载…</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>原图</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
</context>
<context>
    <name>PictureCommands</name>
    <message>
        <source>Choose another folder</source>
        <translation>选择其他文件夹</translation>
    </message>
</context>
<context>
    <name>PicturePage</name>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>{number} %</source>
        <translation>{number}%</translation>
    </message>
</context>
<context>
    <name>PictureView</name>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Plus and minus zoom, arrow keys move the picture.</source>
        <translation>加号和减号缩放，方向键移动图片。</translation>
    </message>
</context>
<context>
    <name>ProblemBar</name>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Choose another folder…</source>
        <translation>选择其他文件夹…</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Use the processor</source>
        <translation>使用处理器</translation>
    </message>
    <message>
        <source>Change the options</source>
        <translation>更改选项</translation>
    </message>
    <message>
        <source>Open models…</source>
        <translation>打开模型…</translation>
    </message>
</context>
<context>
    <name>QueueStrip</name>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
</context>
<context>
    <name>ResultFiles</name>
    <message>
        <source>Saved as {name}.</source>
        <translation>已保存为 {name}。</translation>
    </message>
    <message>
        <source>Copied {name}.</source>
        <translation>已复制 {name}。</translation>
    </message>
</context>
<context>
    <name>RowDelegate</name>
    <message>
        <source>Cannot be shown</source>
        <translation>无法显示</translation>
    </message>
</context>
<context>
    <name>SaveChoice</name>
    <message>
        <source>Same as input</source>
        <translation>与原图相同</translation>
    </message>
    <message>
        <source>PNG: nothing lost</source>
        <translation>PNG：无损</translation>
    </message>
    <message>
        <source>JPEG: small files</source>
        <translation>JPEG：文件小</translation>
    </message>
    <message>
        <source>WebP: smaller still</source>
        <translation>WebP：更小</translation>
    </message>
    <message>
        <source>TIFF: for printing</source>
        <translation>TIFF：适合印刷</translation>
    </message>
    <message>
        <source>{name} is the input&apos;s name, {scale} the size, {model} the model.</source>
        <translation>{name} 是原图的名称，{scale} 是倍数，{model} 是模型。</translation>
    </message>
    <message>
        <source>Fol&amp;der</source>
        <translation>文件夹(&amp;D)</translation>
    </message>
    <message>
        <source>Fo&amp;rmat</source>
        <translation>格式(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Quality</source>
        <translation>质量(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>名称(&amp;N)</translation>
    </message>
    <message>
        <source>Folder for results</source>
        <translation>结果文件夹</translation>
    </message>
    <message>
        <source>Beside the input</source>
        <translation>与原图同一文件夹</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>For JPEG and WebP; others lose nothing.</source>
        <translation>用于 JPEG 和 WebP；其他格式无损。</translation>
    </message>
    <message>
        <source>Nothing is lost.</source>
        <translation>无损。</translation>
    </message>
    <message>
        <source>90 looks like the original; less makes smaller files.</source>
        <translation>90 看起来与原图无异；数值越小，文件越小。</translation>
    </message>
    <message>
        <source>photo</source>
        <comment>a file&apos;s name</comment>
        <translation>照片</translation>
    </message>
    <message>
        <source>Example: {name}</source>
        <translation>示例：{name}</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Restart ResShift to see it in this language.</source>
        <translation>重新启动 ResShift 后将使用此语言。</translation>
    </message>
    <message>
        <source>Takes effect when ResShift&apos;s background process next starts.</source>
        <translation>将在 ResShift 的后台进程下次启动时生效。</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>This app</source>
        <translation>本应用</translation>
    </message>
    <message>
        <source>&amp;Go on working when the window is closed</source>
        <translation>关闭窗口后继续工作(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Notify me when all pictures are done</source>
        <translation>所有图片完成后通知我(&amp;N)</translation>
    </message>
    <message>
        <source>Ask once a week whether there is a newer &amp;version</source>
        <translation>每周查询一次有没有新版本(&amp;V)</translation>
    </message>
    <message>
        <source>While pictures are worked on</source>
        <translation>处理图片时</translation>
    </message>
    <message>
        <source>&amp;Keep the computer awake</source>
        <translation>保持电脑不休眠(&amp;K)</translation>
    </message>
    <message>
        <source>Let &amp;other programs go first</source>
        <translation>让其他程序优先(&amp;O)</translation>
    </message>
    <message>
        <source> min</source>
        <comment>minutes, after a number</comment>
        <translation> 分钟</translation>
    </message>
    <message>
        <source>Free the &amp;memory after this time without work</source>
        <translation>闲置多久后释放内存(&amp;M)</translation>
    </message>
    <message>
        <source>The settings could not be kept. Is the disk full?</source>
        <translation>无法保存设置。磁盘已满？</translation>
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
        <translation>结果的宽和高为原来的 {scale} 倍</translation>
    </message>
    <message>
        <source>Pi&amp;xels</source>
        <translation>像素(&amp;X)</translation>
    </message>
    <message>
        <source>Result with a size in pixels</source>
        <translation>以像素指定结果大小</translation>
    </message>
    <message>
        <source>Width of the result in pixels</source>
        <translation>结果的宽度(像素)</translation>
    </message>
    <message>
        <source>Height of the result in pixels</source>
        <translation>结果的高度(像素)</translation>
    </message>
    <message>
        <source>&amp;Width</source>
        <translation>宽度(&amp;W)</translation>
    </message>
    <message>
        <source>Hei&amp;ght</source>
        <translation>高度(&amp;G)</translation>
    </message>
    <message>
        <source>The result has {width} × {height} pixels, {megapixels} megapixels.</source>
        <translation>结果为 {width} × {height} 像素，{megapixels} 百万像素。</translation>
    </message>
    <message>
        <source>Each result is {width} pixels wide.</source>
        <translation>每个结果宽 {width} 像素。</translation>
    </message>
    <message>
        <source>Each result is {height} pixels high.</source>
        <translation>每个结果高 {height} 像素。</translation>
    </message>
    <message>
        <source>Each result is as large as its input.</source>
        <translation>每个结果与其原图一样大。</translation>
    </message>
    <message>
        <source>Each result is {scale} times as wide and high as its input.</source>
        <translation>每个结果的宽和高都是其原图的 {scale} 倍。</translation>
    </message>
    <message>
        <source>Results can be 1 to 16 times as large as the input: {least} to {most} pixels high.</source>
        <translation>结果可以是原图的 1 到 16 倍：高 {least} 到 {most} 像素。</translation>
    </message>
    <message>
        <source>Results can be 1 to 16 times as large as the input: {least} to {most} pixels wide.</source>
        <translation>结果可以是原图的 1 到 16 倍：宽 {least} 到 {most} 像素。</translation>
    </message>
    <message>
        <source>{format} holds at most {limit} pixels a side. Choose PNG or TIFF, or a smaller size.</source>
        <translation>{format} 每边最多 {limit} 像素。请选择 PNG 或 TIFF，或更小的尺寸。</translation>
    </message>
</context>
<context>
    <name>UpdateNotice</name>
    <message>
        <source>ResShift {version} is out.</source>
        <translation>ResShift {version} 已发布。</translation>
    </message>
    <message>
        <source>What is new</source>
        <translation>新内容</translation>
    </message>
</context>
<context>
    <name>UpscaleButton</name>
    <message>
        <source>Upscale</source>
        <translation>放大</translation>
    </message>
    <message numerus="yes">
        <source>Upscale %n pictures again</source>
        <translation>
            <numerusform>再次放大 %n 张图片</numerusform>
        </translation>
    </message>
    <message>
        <source>Upscale this picture again</source>
        <translation>再次放大这张图片</translation>
    </message>
    <message numerus="yes">
        <source>Upscale %n pictures</source>
        <translation>
            <numerusform>放大 %n 张图片</numerusform>
        </translation>
    </message>
    <message>
        <source>Upscale this picture</source>
        <translation>放大这张图片</translation>
    </message>
    <message>
        <source>Upscale one picture</source>
        <translation>放大一张图片</translation>
    </message>
</context>
<context>
    <name>WorkBar</name>
    <message>
        <source>All pictures</source>
        <translation>所有图片</translation>
    </message>
    <message>
        <source>Clear finished</source>
        <translation>清除已完成</translation>
    </message>
    <message>
        <source>{done} of {all} done</source>
        <translation>已完成 {done} / {all}</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>{done} done</source>
        <translation>已完成 {done}</translation>
    </message>
    <message>
        <source>{failed} failed</source>
        <translation>{failed} 张失败</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause all</source>
        <translation>全部暂停</translation>
    </message>
</context>
</TS>
