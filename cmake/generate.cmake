# Everything that is made at build goes to ${CMAKE_BINARY_DIR}/gen by small C programs of tools/.
# textc -> texts.h texts.c; embed -> embed.c; tmplc -> pages.h pages.c; sqlc -> sql.h sql.c; foldgen -> fold_table.c
set(GEN ${CMAKE_BINARY_DIR}/gen)
file(MAKE_DIRECTORY ${GEN})
set(NOTHING_C ${GEN}/nothing.c) # a layer without files yet still configures
file(CONFIGURE OUTPUT ${NOTHING_C} CONTENT "extern int nothing;\n")

# Paths inside the objects are relative to the project: same bytes on every machine.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)

# ---- texts: needs the parts of base that stand without generated code ----
set(CORE_C src/base/arena.c src/base/buf.c src/base/must.c src/base/str.c src/base/utf8.c src/base/vec.c)
add_executable(textc tools/textc.c ${CORE_C})
set(TEXTS ${CMAKE_SOURCE_DIR}/ui/texts/zh.yaml ${CMAKE_SOURCE_DIR}/ui/texts/en.yaml)
add_custom_command(OUTPUT ${GEN}/texts.h ${GEN}/texts.c
  COMMAND textc ${GEN}/texts.h ${GEN}/texts.c ${TEXTS}
  DEPENDS textc ${TEXTS} COMMENT "texts.h" VERBATIM)
add_custom_target(texts_made DEPENDS ${GEN}/texts.h ${GEN}/texts.c)

# ---- base as the other tools use it ----
file(GLOB TOOL_BASE_C CONFIGURE_DEPENDS src/base/*.c)
add_library(toolbase STATIC ${TOOL_BASE_C} ${GEN}/texts.c)
add_dependencies(toolbase texts_made)
target_link_libraries(toolbase PUBLIC PkgConfig::jansson PkgConfig::yaml_0_1 PkgConfig::libcrypto PkgConfig::libsodium)

# ---- files put into the program ----
file(GLOB_RECURSE EMBEDDED CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} docs/stories.txt
  rules/*.yaml rules/*.json rules/*.txt rules/*.csv ui/css/*.css ui/js/*.js ui/icons/*.svg ui/icons/*.png
  src/store/schema/*.sql src/store/schema*.sql src/store/sql/migrations/*.sql demo/* systems/*.yaml systems/*.csv systems/*.html)
list(SORT EMBEDDED)
set(EMBEDDED_FILES ${EMBEDDED})
list(TRANSFORM EMBEDDED_FILES PREPEND ${CMAKE_SOURCE_DIR}/)
set(EMBEDDED_MADE "") # name=path pairs of files that the build itself makes
set(EMBEDDED_MADE_FILES "")
include(cmake/npm.cmake OPTIONAL)
list(JOIN EMBEDDED "\n" EMBEDDED_LINES)
list(JOIN EMBEDDED_MADE "\n" EMBEDDED_MADE_LINES)
file(CONFIGURE OUTPUT ${GEN}/embed.list CONTENT "${EMBEDDED_LINES}\n${EMBEDDED_MADE_LINES}\n" @ONLY)
add_executable(embed tools/embed.c)
target_link_libraries(embed PRIVATE toolbase PkgConfig::zlib)
add_custom_command(OUTPUT ${GEN}/embed.c
  COMMAND embed ${GEN}/embed.c ${CMAKE_SOURCE_DIR} ${GEN}/embed.list
  DEPENDS embed ${GEN}/embed.list ${EMBEDDED_FILES} ${EMBEDDED_MADE_FILES} COMMENT "embed.c" VERBATIM)

add_library(generated STATIC ${GEN}/texts.c ${GEN}/embed.c)
add_dependencies(generated texts_made)

# ---- Traditional to Simplified: the table is made from OpenCC's tw2s at build ----
set(FOLD_TABLE_C "")
if(EXISTS ${CMAKE_SOURCE_DIR}/tools/foldgen.c)
  add_executable(foldgen tools/foldgen.c)
  target_link_libraries(foldgen PRIVATE toolbase PkgConfig::opencc)
  set(FOLD_TABLE_C ${GEN}/fold_table.c)
  add_custom_command(OUTPUT ${FOLD_TABLE_C} COMMAND foldgen ${FOLD_TABLE_C} ${CMAKE_SOURCE_DIR}/rules/plan/fold.yaml
    DEPENDS foldgen ${CMAKE_SOURCE_DIR}/rules/plan/fold.yaml COMMENT "fold_table.c" VERBATIM)
endif()

# ---- pinyin of names: the table is made from ICU's Han-Latin at build ----
add_executable(readgen tools/readgen.c)
target_link_libraries(readgen PRIVATE toolbase PkgConfig::icu_i18n)
set(READING_TABLE_C ${GEN}/reading_table.c)
set(READINGS ${CMAKE_SOURCE_DIR}/rules/org/readings.yaml)
add_custom_command(OUTPUT ${READING_TABLE_C} COMMAND readgen ${READING_TABLE_C} ${READINGS}
  DEPENDS readgen ${READINGS} COMMENT "reading_table.c" VERBATIM)

# ---- SQL statements -> typed functions ----
set(SQL_C "")
file(GLOB SQL_FILES CONFIGURE_DEPENDS src/store/sql/*.sql)
if(EXISTS ${CMAKE_SOURCE_DIR}/tools/sqlc.c AND SQL_FILES)
  add_executable(sqlc tools/sqlc.c)
  target_link_libraries(sqlc PRIVATE toolbase)
  set(SQL_C ${GEN}/sql.c)
  add_custom_command(OUTPUT ${GEN}/sql.h ${GEN}/sql.c
    COMMAND sqlc ${GEN}/sql.h ${GEN}/sql.c ${SQL_FILES}
    DEPENDS sqlc ${SQL_FILES} COMMENT "sql.h" VERBATIM)
  add_custom_target(sql_made DEPENDS ${GEN}/sql.h ${GEN}/sql.c)
endif()

# ---- page templates -> typed functions ----
set(PAGES_C "")
file(GLOB PAGE_FILES CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ui/pages/*.html ui/parts/*.html)
add_library(tmpl STATIC tools/tmpl/template.c tools/tmpl/place.c)
target_include_directories(tmpl PUBLIC tools)
target_link_libraries(tmpl PUBLIC toolbase)
add_executable(tmplc tools/tmplc.c)
target_link_libraries(tmplc PRIVATE tmpl)
if(PAGE_FILES)
  set(PAGES_C ${GEN}/pages.c)
  add_custom_command(OUTPUT ${GEN}/pages.h ${GEN}/pages.c
    COMMAND tmplc ${GEN}/pages.h ${GEN}/pages.c ${PAGE_FILES}
    DEPENDS tmplc ${PAGE_FILES} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} COMMENT "pages.h" VERBATIM)
  add_custom_target(pages_made DEPENDS ${GEN}/pages.h ${GEN}/pages.c)
endif()

# ---- the house rules ----
add_executable(house tools/house.c)
target_link_libraries(house PRIVATE toolbase)

# Every library waits for the generated headers it may include.
function(needs_generated target)
  add_dependencies(${target} texts_made)
  foreach(made sql_made pages_made)
    if(TARGET ${made})
      add_dependencies(${target} ${made})
    endif()
  endforeach()
endfunction()
