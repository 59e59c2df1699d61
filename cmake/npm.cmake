# Front-end parts from npm: fetched at build by the lock file of ui/, never kept in the repository. Only what is used
# goes into the program: htmx and one sprite of the icons named in ui/icons/lucide.txt.
set(GANGMU_NPM "" CACHE PATH "a node_modules folder to take instead of running npm (for builds without a network)")
if(GANGMU_NPM)
  set(NPM_DIR ${GANGMU_NPM})
  set(NPM_STAMP "")
else()
  set(NPM_DIR ${CMAKE_BINARY_DIR}/npm/node_modules)
  set(NPM_STAMP ${CMAKE_BINARY_DIR}/npm/stamp)
  add_custom_command(OUTPUT ${NPM_STAMP}
    COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_SOURCE_DIR}/ui/package.json ${CMAKE_SOURCE_DIR}/ui/package-lock.json ${CMAKE_BINARY_DIR}/npm/
    COMMAND npm ci --prefix ${CMAKE_BINARY_DIR}/npm --ignore-scripts --no-audit --no-fund --loglevel=error
    COMMAND ${CMAKE_COMMAND} -E touch ${NPM_STAMP}
    DEPENDS ${CMAKE_SOURCE_DIR}/ui/package.json ${CMAKE_SOURCE_DIR}/ui/package-lock.json
    COMMENT "npm ci" VERBATIM)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/npm)
endif()

file(GLOB OWN_ICONS CONFIGURE_DEPENDS ui/icons/*.svg)
add_executable(sprite tools/sprite.c)
target_link_libraries(sprite PRIVATE toolbase)
add_custom_command(OUTPUT ${GEN}/icons.svg
  COMMAND sprite ${GEN}/icons.svg ${CMAKE_SOURCE_DIR}/ui/icons/lucide.txt ${NPM_DIR}/lucide-static/icons ${OWN_ICONS}
  DEPENDS sprite ${CMAKE_SOURCE_DIR}/ui/icons/lucide.txt ${OWN_ICONS} ${NPM_STAMP} COMMENT "icons.svg" VERBATIM)

list(APPEND EMBEDDED_MADE
  "ui/icons.svg=${GEN}/icons.svg"
  "vendor/htmx.min.js=${NPM_DIR}/htmx.org/dist/htmx.min.js"
  "vendor/lucide-LICENSE.txt=${NPM_DIR}/lucide-static/LICENSE")
list(APPEND EMBEDDED_MADE_FILES ${GEN}/icons.svg ${NPM_STAMP})
