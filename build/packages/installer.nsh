; Offers LayerLoupe in "Open with" for pictures, and makes it the default for none.

!macro layerloupeTypes DO
  !insertmacro ${DO} "jpg"
  !insertmacro ${DO} "jpeg"
  !insertmacro ${DO} "png"
  !insertmacro ${DO} "webp"
  !insertmacro ${DO} "avif"
  !insertmacro ${DO} "gif"
  !insertmacro ${DO} "tif"
  !insertmacro ${DO} "tiff"
!macroend

!macro layerloupeOffer EXT
  WriteRegStr SHELL_CONTEXT "Software\Classes\.${EXT}\OpenWithProgids" "LayerLoupe.Picture" ""
!macroend

!macro layerloupeWithdraw EXT
  DeleteRegValue SHELL_CONTEXT "Software\Classes\.${EXT}\OpenWithProgids" "LayerLoupe.Picture"
!macroend

; Tells Explorer that what opens with what has changed (SHCNE_ASSOCCHANGED).
!macro layerloupeTellShell
  System::Call 'shell32.dll::SHChangeNotify(i 0x08000000, i 0, i 0, i 0)'
!macroend

!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\LayerLoupe.Picture" "" "Picture"
  WriteRegStr SHELL_CONTEXT "Software\Classes\LayerLoupe.Picture\DefaultIcon" "" "$INSTDIR\${APP_EXECUTABLE_FILENAME},0"
  WriteRegStr SHELL_CONTEXT "Software\Classes\LayerLoupe.Picture\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
  !insertmacro layerloupeTypes layerloupeOffer
  !insertmacro layerloupeTellShell
!macroend

!macro customUnInstall
  !insertmacro layerloupeTypes layerloupeWithdraw
  DeleteRegKey SHELL_CONTEXT "Software\Classes\LayerLoupe.Picture"
  !insertmacro layerloupeTellShell
!macroend
